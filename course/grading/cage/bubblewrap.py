"""The outer walls: the command by which bubblewrap starts a program that sees next to nothing."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from course.trouble import Trouble
from helpers.datasets import DEBIAN_FOLDER

ENVIRONMENT = {
    "HOME": "/tmp",
    "KERAS_HOME": "/tmp/keras",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "agg",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "IPYTHONDIR": "/tmp/ipython",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "577",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
}
"""All that a student's process finds in its environment."""

NO_CAGE = (
    "There is no working bubblewrap here, and without it a submission could read and change "
    "everything that you can.\n{why}\nInstall it: sudo apt-get install bubblewrap (Debian, Ubuntu), sudo "
    "dnf install bubblewrap (Fedora).\nWhere none can be had (macOS, some containers), --no-cage "
    "grades without it. Do that only with submissions that you trust, or in a machine that you "
    "throw away afterwards."
)


def bubblewrap() -> list[str]:
    """Find bubblewrap and see that it works.

    Raises
    ------
    Trouble
        If it is not there, or may not do its work; with what to do.
    """
    program = shutil.which("bwrap")
    if program is None:
        raise Trouble(NO_CAGE.format(why="The command `bwrap` is not found."))
    tried = subprocess.run(
        [program, "--unshare-all", "--ro-bind", "/", "/", "true"],
        check=False,
        capture_output=True,
        text=True,
    )
    if tried.returncode:
        said = tried.stderr.strip() or "It gives no reason."
        raise Trouble(NO_CAGE.format(why=f"`bwrap` is there and may not work: {said}"))
    return [program]


def interpreter_folders() -> list[Path]:
    """The folders that Python and its packages are in."""
    paths = sysconfig.get_paths()
    folders = {
        Path(sys.prefix),
        Path(sys.base_prefix),
        *map(Path, (paths["purelib"], paths["platlib"])),
    }
    folders |= {folder.resolve() for folder in folders} | {
        Path(sys.executable).resolve().parents[1]
    }
    return sorted(f for f in folders if not any(f.is_relative_to(r) for r in ("/usr", "/lib")))


def walls(root: Path, packages: str = "") -> list[str]:
    """The command that starts a program in the outer walls, with the staged files at /course.

    Packages that a teacher lets in are at /packages.
    """
    command = bubblewrap()
    command += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    command += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv"]
    if os.getuid() == 0:
        command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user", "--cap-drop", "ALL"]
    command += ["--hostname", "cage", "--ro-bind", "/usr", "/usr"]
    command += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp"]
    for name in ("/bin", "/lib", "/lib64", "/lib32", "/sbin"):
        if os.path.islink(name):
            command += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            command += ["--ro-bind", name, name]
    for file in ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts"):
        command += ["--ro-bind-try", file, file]
    for folder in interpreter_folders():
        for parent in reversed(folder.parents):  # else bubblewrap makes them for root only
            command += ["--perms", "0755", "--dir", str(parent)]
        command += ["--ro-bind", str(folder), str(folder)]
    site = Path(sysconfig.get_paths()["purelib"])
    hidden = [DEBIAN_FOLDER, *(site / name for name in ("course", "helpers"))]
    for folder in filter(Path.is_dir, hidden):
        command += ["--tmpfs", str(folder), "--remount-ro", str(folder)]
    command += ["--ro-bind", str(root), "/course", "--chdir", "/"]
    if packages:
        command += ["--ro-bind", packages, "/packages"]
    for read_only in ("/dev", "/"):
        command += ["--remount-ro", read_only]
    for name, value in ENVIRONMENT.items():
        command += ["--setenv", name, value]
    return [*command, "--setenv", "PYTHONPATH", "/course"]
