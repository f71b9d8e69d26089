"""The learner's own folder: copied, updated, reset, run; never overwritten."""
