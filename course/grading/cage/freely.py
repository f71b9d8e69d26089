"""What stands in for walls where there are none: for root's notebooks, somebody who owns nothing."""

import contextlib
import socket
from collections.abc import Iterable
from pathlib import Path

import psutil

from course.grading.claims import claim
from course.trouble import Trouble

NOBODY = 64_577  # no account has this number; root's children become it, since limits bind it
USERS = 64  # that follow: one for each cage without walls; those with walls share the first


def user(claims: list[socket.socket]) -> int:
    """Somebody whom root's notebooks can become and whom no other cage has meanwhile.

    Parameters
    ----------
    claims : list of socket
        Gets what has to be closed when that somebody is free again.
    """
    for number in range(NOBODY + 1, NOBODY + 1 + USERS):
        with contextlib.suppress(OSError):  # where there are no such names, all are one
            if held := claim(f"course-grade-user-{number}"):
                claims.append(held)
                return number
    return NOBODY


def must_reach(folders: Iterable[Path]) -> None:
    """See that nobody in particular may go into these folders.

    Raises
    ------
    Trouble
        If not: Python would not find itself there.
    """
    for folder in folders:
        for one in (*reversed(folder.parents), folder):
            if one.is_dir() and not one.stat().st_mode & 0o001:
                raise Trouble(
                    f"Without bubblewrap, root's notebooks run as somebody who owns nothing, and only "
                    f"its owner may go into {one}, where {folder} is, which they need. Set the course "
                    "up where everybody may go, with its Python (/opt, for one), or grade as a user "
                    "who is not root."
                )


def of_user(number: int) -> list[psutil.Process]:
    """The processes of a user that still run."""
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if one.uids().real == number and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
    return found
