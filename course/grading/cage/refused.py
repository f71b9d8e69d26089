"""The system calls that a notebook's process is refused, as a filter that the kernel runs.

Numbers are those of <linux/filter.h>, <linux/seccomp.h>, <linux/audit.h> and the tables of calls.
"""

import errno
import mmap
import os
import struct

LOAD, AND, IF_EQUAL, IF_AT_LEAST, IF_ANY_OF, RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
AT_NUMBER, AT_ARCHITECTURE, AT_ARGUMENTS = 0, 4, 16
ALLOW, REFUSE, UNKNOWN = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
OTHER_ABI = 0x40000000  # from here on, numbers mean something else
NEW_NAMESPACES = 0x7E020000
STEP = 8  # bytes

MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CALLS = {  # each with its number on these two
    "add_key": (248, 217),
    "bpf": (321, 280),
    "fsopen": (430, 430),
    "io_uring_setup": (425, 425),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),  # memory that no process and no file system accounts for
    "memfd_secret": (447, 447),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "msgget": (68, 186),  # memory, too
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "request_key": (249, 218),
    "sched_setaffinity": (203, 122),  # each keeps to the processor that it was given
    "setns": (308, 268),
    "shmget": (29, 194),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vmsplice": (278, 75),
}
"""Calls that no notebook needs, and that lead out of the walls or round the limits."""
CLONE, CLONE3 = (56, 220), 435
SOCKET, MAP = (41, 198), (9, 222)
FAMILIES = (1, 2, 10, 16)
"""Of sockets: local ones, the internet's two, and what asks the kernel for addresses. All others,
as the one between a virtual machine and its host, know nothing of network namespaces."""
NOBODYS = mmap.MAP_SHARED | mmap.MAP_ANONYMOUS
"""Memory that stays when no process maps it, and that is in no file."""


def argument(number: int) -> int:
    """Where the lower half of an argument is."""
    return AT_ARGUMENTS + 8 * number


def refusal() -> bytes:
    """The filter for this machine; nothing where its calls are not known.

    It refuses `CALLS`, new namespaces, sockets of other families, and memory that is `NOBODYS`.
    """
    machine = os.uname().machine
    if machine not in MACHINES:
        return b""
    column = [*MACHINES].index(machine)
    return assembled(
        (LOAD, AT_ARCHITECTURE),
        (IF_EQUAL, MACHINES[machine], "", "refuse"),
        (LOAD, AT_NUMBER),
        (IF_AT_LEAST, OTHER_ABI, "refuse", ""),
        *((IF_EQUAL, numbers[column], "refuse", "") for numbers in CALLS.values()),
        # Its flags are in memory, where a filter can't look: the C library then uses `clone`.
        (IF_EQUAL, CLONE3, "unknown", ""),
        (IF_EQUAL, CLONE[column], "clone", ""),
        (IF_EQUAL, SOCKET[column], "socket", ""),
        (IF_EQUAL, MAP[column], "map", "allow"),
        "clone",
        (LOAD, argument(0)),
        (IF_ANY_OF, NEW_NAMESPACES, "refuse", "allow"),
        "socket",
        (LOAD, argument(0)),
        *((IF_EQUAL, family, "allow", "") for family in FAMILIES),
        (RETURN, REFUSE),
        "map",
        (LOAD, argument(3)),
        (AND, NOBODYS),
        (IF_EQUAL, NOBODYS, "refuse", "allow"),
        "allow",
        (RETURN, ALLOW),
        "refuse",
        (RETURN, REFUSE),
        "unknown",
        (RETURN, UNKNOWN),
    )


def assembled(*steps: tuple[int, int] | tuple[int, int, str, str] | str) -> bytes:
    """Write a filter as the kernel reads it.

    A step is what is done, with which number, and of a question the places where it goes on if the
    answer is yes, and no; an empty one is the next step. A text is the name of a place.
    """
    places: dict[str, int] = {}
    lines: list[tuple[int, int, str, str]] = []
    for step in steps:
        if isinstance(step, str):
            places[step] = len(lines)
        else:
            lines.append((*step, "", "") if len(step) == 2 else step)
    return b"".join(
        struct.pack("HBBI", code, *(distance(places, here, one) for one in (yes, no)), value)
        for here, (code, value, yes, no) in enumerate(lines)
    )


def distance(places: dict[str, int], here: int, place: str) -> int:
    """How many steps a question jumps over."""
    return places[place] - here - 1 if place else 0
