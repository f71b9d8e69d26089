"""How an answer is judged, explained and remembered."""
