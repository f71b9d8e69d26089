"""Lesson 1: convolution by hand, from one window to an image of any size."""
