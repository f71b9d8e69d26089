"""The learner's own folder: copied, updated, reset, run; never overwritten."""


class Trouble(Exception):
    """What the person at the keyboard can put right, in a sentence that says how."""
