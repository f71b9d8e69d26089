"""Lesson 2: kernels that find edges, blur, sharpen and emboss, and a filter that has none."""
