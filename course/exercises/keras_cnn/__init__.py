"""Lesson 4: a small network that tells clothes apart, and what its numbers are."""
