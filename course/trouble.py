"""What went wrong, told to who can put it right."""


class Trouble(Exception):
    """What the person at the keyboard can put right, in a sentence that says how."""
