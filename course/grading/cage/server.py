"""The fork server: imports what notebooks need once, then forks for each of them.

Its argument is its configuration, as JSON. A request comes with the file descriptor of a
connection, which becomes the student's; the answer is the student's process id. One with ``clean``
asks for a fork that will run no notebook, one with ``share`` for modules that all later forks have.
"""

import contextlib
import gc
import importlib
import json
import os
import shutil
import signal
import socket
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from course.grading.cage import ending, student, walls


def threads() -> int:
    """How many threads there are. Forking is safe as long as there is one."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else 1


@contextlib.contextmanager
def last_words() -> Iterator[None]:
    """Say what went wrong, as long as someone listens, and go no further."""
    try:
        yield
    except BaseException:  # noqa: BLE001 - nothing may go on from here
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def fork_closed_in(config: dict, channel: int) -> int:
    """Fork the process that will run a notebook, in namespaces of its own; return its id."""
    answer, tell = os.pipe()
    between = os.fork()
    if between == 0:
        with last_words():
            walls.go_first()
            walls.alone()
            born = os.fork()
            if born:
                os.write(tell, str(born).encode())
                os._exit(0)
            os.setsid()  # a signal to its process group is not one to the server's
            walls.limit(config["memory"], config["cpu"], processes=True)
            walls.furnish()
            walls.powerless()
            live(config, channel)
    os.close(tell)
    os.waitpid(between, 0)
    with open(answer, "rb") as said:
        return int(said.read() or 0)


def fork_freely(config: dict, channel: int) -> int:
    """The same without walls: for machines that have none, and only if the teacher says so."""
    born = os.fork()
    if born == 0:
        with last_words():
            os.setpgid(0, 0)
            walls.limit(config["memory"], config["cpu"], processes=False)
            live(config, channel)
    with contextlib.suppress(OSError):
        os.setpgid(born, born)
    return born


def live(config: dict, channel: int) -> None:
    """Be the student's process, to its end."""
    walls.deaf(channel)
    os.chdir(config["home"])
    if not config.get("clean"):
        lay_files(Path(config["root"]) / "files", link=config["caged"])
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    student.attend(socket.socket(fileno=channel))
    os._exit(0)


def lay_files(given: Path, link: bool) -> None:
    """Lay the files that a teacher lets in where the notebook works: nobody can change a link's.

    Without walls there is nothing that keeps them as they are, so each notebook has copies.
    """
    for folder, _, names in os.walk(given):
        here = Path(folder).relative_to(given)
        here.mkdir(exist_ok=True)
        for name in names:
            file = Path(folder, name)
            (here / name).symlink_to(file) if link else shutil.copyfile(file, here / name)


def end(pid: int, config: dict, alone: bool) -> None:
    """End a student's process and all that it has started: with its namespace, where it has one.

    One that ran no notebook has started nothing, and ends alone.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        (os.kill if config["caged"] else os.killpg)(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)
    if not config["caged"] and not alone:  # what is in a session of its own is in no group of ours
        ending.end_all(ending.below)
    ending.reap()


def share(modules: list[str]) -> None:
    """Import what every later fork will have; where that fails, the notebook is told that needs it."""
    for module in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    if threads() != 1:
        print(f"{threads()} threads in the fork server: forking is not safe.", file=sys.stderr)
        os._exit(1)  # and wait for none of them
    gc.freeze()  # so that a collection in a fork does not copy all memory


def serve(config: dict) -> None:
    """Answer requests until the other side closes the connection."""
    control = socket.socket(fileno=config["control"])
    fork = fork_closed_in if config["caged"] else fork_freely
    control.send(b'{"ready": true}')
    while True:
        data, given, _, _ = socket.recv_fds(control, 2**16, 1)
        if not data:
            return
        request = json.loads(data)
        if "end" in request:
            end(request["end"], config, "clean" in request)
            control.send(b'{"ended": true}')
        elif "share" in request:
            share(request["share"])
            control.send(b'{"shared": true}')
        else:
            pid = fork({**config, **request}, given[0])
            os.close(given[0])
            control.send(json.dumps({"pid": pid}).encode())


def main() -> None:
    """Prepare everything, then serve."""
    config = json.loads(sys.argv[1])
    sys.path += filter(None, [config["packages"]])  # last: what the course needs comes first
    if config["user"]:
        walls.become(config["user"])
    if sys.platform == "linux":
        walls.adopt_orphans()
    if config["caged"]:
        walls.describe_machine()
    student.prepare(config)
    share([])
    serve(config)


if __name__ == "__main__":
    main()
