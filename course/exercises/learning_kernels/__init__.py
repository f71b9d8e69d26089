"""Lesson 6: how a kernel is learned, and the convolution of lesson 1 without loops over pixels."""
