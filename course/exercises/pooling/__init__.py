"""Lesson 3: pooling, ReLU, and what a shift leaves of them."""
