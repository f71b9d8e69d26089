"""Colab's kernel: IPython's own, with `google.colab` imported."""

import google.colab  # noqa: F401
from ipykernel.kernelapp import launch_new_instance

launch_new_instance()
