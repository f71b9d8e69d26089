"""From source to notebooks, and the proof of the checks."""
