"""Other people's notebooks: found, run in a cage, judged outside of it, remembered, reported."""
