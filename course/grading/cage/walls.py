"""What each fork of the server puts between itself and everything else, before foreign code runs.

Linux calls by number and name: Python 3.11 has no `os.unshare`, and none has `mount`.
"""

import contextlib
import ctypes
import os
import resource
import shutil
import signal
import struct
import sys
from pathlib import Path

from course.grading.cage.refused import STEP, refusal

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x20000, 0x8000000, 0x10000000, 0x20000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC = 1, 2, 4, 32, 4096, 16384
MS_PRIVATE = 1 << 18
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
LAST_CAPABILITY = 40
CAPABILITIES_VERSION_3 = 0x20080522

MACHINE = Path("/tmp/machine")
"""Stands in for /proc. A student's process has a /tmp of its own and does not see it there."""

MIB = 2**20
FILES_BYTES = 64 * MIB  # in /tmp, and as much in shared memory
LARGEST_FILE = 64 * MIB
OPEN_FILES = 128  # each of a process's sockets holds memory that is no process's
PROCESSES = 128  # and two for each core: TensorFlow alone starts so many threads

libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> None:
    """Make a call of the C library and raise what it answers."""
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mount as the system call does."""
    texts = [text.encode() if text else None for text in (source, target, kind or "")]
    call("mount", *texts, flags, options.encode())


def become(user: int) -> None:
    """Give up root for good. Limits on processes do not bind root."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)  # so that /proc/self may be written again


def go_first() -> None:
    """If the machine runs out of memory, let the kernel end this before all that it serves."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose own parent has ended."""
    call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def alone() -> None:
    """Move into namespaces of one's own; the next fork is the first process in there."""
    user, group = os.getuid(), os.getgid()
    call("unshare", CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWPID)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def describe_machine() -> None:
    """Copy what is harmless in /proc. TensorFlow crashes if it can't read which program it is."""
    (MACHINE / "self").mkdir(parents=True)
    (MACHINE / "self/exe").symlink_to(sys.executable)
    (MACHINE / "self/cmdline").write_bytes(b"python\0")
    for name in ("cpuinfo", "meminfo", "stat"):
        shutil.copyfile(f"/proc/{name}", MACHINE / name)


def furnish() -> None:
    """See an empty /tmp and no processes.

    The cage's own /proc would show the fork server, whose memory a process of the same user may
    read; a new one may not be mounted in here.
    """
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    # It gives zeros, too; and whoever maps the other has memory that belongs to no process.
    mount("/dev/full", "/dev/zero", None, MS_BIND)
    machine = held(MACHINE)
    under_tmp = [Path(p) for p in (sys.prefix, sys.base_prefix) if Path(p).is_relative_to("/tmp")]
    python = {folder: held(folder) for folder in under_tmp}
    small = f"size={FILES_BYTES},nr_inodes=10000,mode=0777"
    mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, small)
    mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, small)
    for folder, source in python.items():
        folder.mkdir(parents=True)
        mount(source, str(folder), None, MS_BIND | MS_REC)
    mount(machine, "/proc", None, MS_BIND)
    mount("none", "/proc", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def held(folder: Path) -> str:
    """Keep a folder in hand that is about to be covered: a path that leads to it still."""
    return f"/proc/self/fd/{os.open(folder, os.O_PATH)}"


def powerless() -> None:
    """Give up what a namespace of one's own gives: nothing can be mounted or uncovered again."""
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for capability in range(LAST_CAPABILITY + 1):
        with contextlib.suppress(OSError):  # a kernel that knows fewer
            call("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION_3, 0)
    call("capset", header, (ctypes.c_uint32 * 6)())
    code = refusal()
    held = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxP", len(code) // STEP, ctypes.addressof(held))
    if code:
        given = ctypes.create_string_buffer(program)
        call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, given, 0, 0)


def limit(memory: int, cpu_seconds: int, processes: bool) -> None:
    """Bound what this process and its children may take.

    Parameters
    ----------
    memory : int
        Bytes of address space, on top of what is in use already.
    cpu_seconds : int
    processes : bool
        Whether the number of processes can be bound: in a user namespace of its own, or the
        limit would count everything that the same user runs on this machine.
    """
    limit_memory(memory)
    bound(resource.RLIMIT_CPU, cpu_seconds)
    bound(resource.RLIMIT_FSIZE, LARGEST_FILE)
    bound(resource.RLIMIT_NOFILE, OPEN_FILES)
    bound(resource.RLIMIT_CORE, 0)
    if processes:
        bound(resource.RLIMIT_NPROC, most_processes())


def most_processes() -> int:
    """How many processes and threads a notebook may have."""
    return PROCESSES + 2 * len(os.sched_getaffinity(0))


def limit_memory(more: int) -> None:
    """Bound the address space to so many bytes on top of what is in use already."""
    if sys.platform == "linux":
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        bound(resource.RLIMIT_AS, used + more)


def bound(kind: int, most: int) -> None:
    """Lower a limit, for good."""
    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))


def deaf(keep: int) -> None:
    """Close every file but one; input, output and errors lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    os.closerange(3, keep)
    os.closerange(keep + 1, 2**31 - 1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
