"""Lesson 5: what a trained network does with one image, layer by layer."""
