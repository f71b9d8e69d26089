"""Names on this machine that one process has for itself, as long as it lives."""

import errno
import socket


def claim(name: str) -> socket.socket | None:
    """Take a name that nobody else has; it is free again when what is returned is closed.

    Returns
    -------
    socket or None
        None if somebody has it.

    Raises
    ------
    OSError
        If there are no such names here: they are Linux's.
    """
    held = socket.socket(socket.AF_UNIX)
    try:
        held.bind(f"\0{name}")
    except OSError as error:
        held.close()
        if error.errno == errno.EADDRINUSE:
            return None
        raise
    return held
