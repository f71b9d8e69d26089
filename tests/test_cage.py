"""The walls of the cage, one by one, seen from inside; and what the cage itself makes of lies."""

import contextlib
import errno
import math
import os
import socket
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from course.checking.calling import Outcome
from course.checking.check import solution_source
from course.checking.looking import Answer, Raised, Request
from course.exercises import EXERCISES, exercises_of
from course.exercises.keras_cnn.predictions import exam_labels
from course.grading.cage import bubblewrap
from course.grading.cage import cage as caging
from course.grading.cage.cage import Broken, Cage, Limits
from course.grading.cage.events import FIELDS, checked, most_events
from course.grading.cage.staging import imported_by, stage, withheld
from course.grading.cage.wire import Garbled, decode, encode
from course.lessons import LESSONS
from course.trouble import Trouble

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux")

ROOT = Path(__file__).resolve().parents[1]
SEEN = "bug_finder"  # an exercise whose answer is a value: what a cell puts there comes out
REQUEST = Request("value", 5.0)


@pytest.fixture(scope="module")
def cage():
    one = Cage(1, Limits(memory=512))
    yield one
    one.close()


def run(
    cage: Cage, *cells: str, seconds: float = 10.0, in_all: float = math.inf
) -> list[dict[str, Any]]:
    """Run cells in a cage, and give back all that was told."""
    job = {
        "cells": list(cells),
        "keys": {SEEN: "value"},
        "skip": [],
        "keras": False,
        "seconds": seconds,
    }
    return answered(cage.run(job, cage.clock(in_all)))


def answered(events) -> list[dict[str, Any]]:
    """All events of a run in which everything that is asked is answered."""
    replies = {"look": {"request": REQUEST}, "answer": {"verdict": ["passed", None, 2, 2]}}
    told, reply = [], None
    with contextlib.suppress(StopIteration):
        while True:
            told.append(events.send(reply))
            reply = replies.get(told[-1]["event"])
    return told


def seen(cage: Cage, *cells: str) -> Any:
    """What cells found, which they call `seen`."""
    told = run(cage, *cells, f"{SEEN} = [seen]")
    errors = [event["error"].told for event in told if event.get("error")]
    assert not errors
    (answer,) = [event["answer"] for event in told if event["event"] == "answer"]
    return answer.value[0]


ATTEMPT = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def attempt(function, *arguments):
    try:
        return function(*arguments)
    except OSError as error:
        return error.errno
"""


# --- What is not in there -------------------------------------------------------------------------


def test_nothing_of_the_host_is_in_sight(cage, tmp_path):
    (tmp_path / "canary").touch()
    interpreter = {folder.parts[1] for folder in bubblewrap.interpreter_folders()}
    system = {"bin", "lib", "lib32", "lib64", "sbin", "usr", "dev", "etc", "proc", "tmp", "course"}
    assert set(seen(cage, "import os; seen = os.listdir('/')")) <= system | interpreter
    files = [str(tmp_path / "canary"), str(ROOT / "solutions"), str(ROOT / "course"), "/etc/passwd"]
    assert seen(cage, f"import os; seen = [f for f in {files} if os.path.exists(f)]") == []


def test_environment_is_the_one_that_is_written_down(cage, monkeypatch):
    monkeypatch.setenv("CANARY", "secret")
    names = seen(cage, "import os; seen = list(os.environ)")
    assert set(names) <= {*bubblewrap.ENVIRONMENT, "PYTHONPATH", "PWD", "SHLVL", "LC_CTYPE"}


def test_there_is_no_network(cage):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        look = f"""
import socket
end = socket.socket()
seen = [socket.if_nameindex(), end.connect_ex({address}), end.connect_ex(("192.0.2.1", 80))]
"""
        interfaces, here, away = seen(cage, look)
    assert interfaces == [(1, "lo")]
    assert here and away


def test_no_other_process_is_in_sight(cage):
    look = """
import os
seen = [os.getpid(), os.getppid(), [n for n in os.listdir("/proc") if n.isdigit()]]
"""
    assert seen(cage, look) == [1, 0, []]


def test_no_answer_and_no_label_is_in_there(cage):
    look = """
import glob, importlib, os
def there(name):
    try:
        return bool(importlib.import_module(name))
    except ImportError:
        return False
names = ["exercises.convolution_by_hand.conv2d_valid", "checking.judge", "checking.check", "grading.grader"]
files = [file for file in glob.glob("/course/**", recursive=True) if os.path.isfile(file)]
seen = [
    [name for name in names if there(f"course.{name}")],
    [file for file in files if "label" in file and "train" not in file or "solution" in file],
    len(files) > 10,
]
"""
    assert seen(cage, look) == [[], [], True]


def test_what_answers_the_lesson_is_withheld(cage):
    look = """
import helpers, inspect
names = ["neighborhood", "convolve_pixel", "conv2d", "true_convolution", "output_size"]
seen = []
for name in names:
    function = getattr(helpers, name, None)
    seen.append(function is None or "door" in inspect.getsource(function))
"""
    assert seen(cage, look) == [True] * 5


def test_what_asks_for_it_all_the_same_asks_outside(cage):
    told = run(cage, "import helpers\nhelpers.conv2d([[1.0]], kernel=[[1.0]])")
    (asked,) = [event for event in told if event["event"] == "ask"]
    assert asked["name"] == "convolution.conv2d"


def test_no_label_of_the_exam_and_no_answer_of_its_lesson_is_in_there(monkeypatch):
    monkeypatch.setitem(LESSONS, 4, replace(LESSONS[4], keras=False))  # without TensorFlow
    taken = [name.partition(".") for name in withheld(4)]
    look = f"""
import helpers, importlib, inspect, json, numpy, os
answers, labels = {[solution_source(one) for one in exercises_of(4)]}, {exam_labels().tobytes()}
seen = [[], list(json.load(open("/course/lesson.json"))["earlier"])]
for place, _, files in os.walk("/course"):
    for file in files:
        data = [open(os.path.join(place, file), "rb").read()]
        if file.endswith((".npy", ".npz")):
            held = numpy.load(os.path.join(place, file), allow_pickle=False)
            arrays = held.values() if file.endswith(".npz") else [held]
            data += [array.astype("uint8").tobytes() for array in arrays]
        if any(one in part for one in (labels, *map(str.encode, answers)) for part in data):
            seen[0].append(os.path.join(place, file))
for room, _, name in {taken}:
    function = getattr(importlib.import_module("helpers." + room), name)
    seen.append("door" in inspect.getsource(function))
"""
    with closing(Cage(4, Limits())) as cage:
        shown, earlier, *emptied = seen(cage, look)
    assert shown == []
    assert earlier == [key for key, one in EXERCISES.items() if one.lesson < 4]
    assert emptied == [True] * len(taken) != []


def test_nothing_but_the_connection_is_open(cage):
    look = """
import os, socket, stat, struct
files, peers = [], []
for number in range(3, 1024):
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        continue
    if stat.S_ISSOCK(mode):
        end = socket.socket(fileno=os.dup(number))
        peers.append(struct.unpack("3i", end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0])
    elif stat.S_IFMT(mode):
        files.append(number)
seen = [files, peers.count(0)]  # 0: who has the other end is not in here
"""
    assert seen(cage, look) == [[], 1]


# --- What it may not do ---------------------------------------------------------------------------


def test_it_writes_to_its_own_two_folders_alone(cage):
    look = """
import glob, os, sys
folders = ["/", *glob.glob("/*/"), *glob.glob("/*/*/"), *sys.path, os.path.dirname(os.__file__)]
seen = set()
for folder in filter(os.path.isdir, folders):
    try:
        open(os.path.join(folder, "mine"), "w").close()
        seen.add(os.path.realpath(folder))
    except OSError:
        pass
seen = sorted(folder for folder in seen if not folder.startswith("/tmp/"))
"""
    assert seen(cage, look) == ["/dev/shm", "/tmp"]


def test_it_has_no_power_over_what_covers_the_rest(cage):
    look = (
        ATTEMPT
        + """
held = (ctypes.c_uint32 * 6)()
libc.capget((ctypes.c_uint32 * 2)(0x20080522, 0), held)
seen = [list(held)]
calls = [libc.umount2(path, 2) for path in (b"/course", b"/proc", b"/tmp", b"/dev/shm")]
calls += [libc.mount(b"tmpfs", path, b"tmpfs", 0, None) for path in (b"/tmp", b"/course", b"/usr")]
calls += [libc.setuid(0), libc.setgid(0), libc.chroot(b"/usr"), libc.sethostname(b"x", 1)]
calls += [libc.ptrace(16, pid, 0, 0) for pid in range(2, 50)]
calls += [attempt(os.kill, pid, 0) and -1 for pid in range(2, 50)]
seen.append(set(calls) == {-1})
libc.unshare(0x10000000 | 0x20000)  # what it is powerful over now is its own
calls = [libc.umount2(path, 2) for path in (b"/course", b"/proc", b"/tmp")]
seen.append(set(calls) == {-1})
"""
    )
    assert seen(cage, look) == [[0] * 6, True, True]


def test_signals_to_everyone_reach_only_itself(cage):
    before = cage.server.pid
    look = ATTEMPT + "for target in (0, -1, 2, os.getppid()):\n    attempt(os.kill, target, 9)"
    assert run(cage, look)[-1]["event"] in ("died", "done")
    assert seen(cage, "seen = 577") == 577
    assert cage.server.pid == before and cage.server.is_running()


def test_what_it_prints_goes_nowhere(cage):
    look = """
import os
for number in range(3):
    os.write(number, b"577")
nowhere = os.stat("/dev/null").st_rdev
seen = [os.fstat(number).st_rdev == nowhere for number in range(3)]
"""
    assert seen(cage, look) == [True] * 3
    assert "577" not in cage.last_words()


# --- How much it may take -------------------------------------------------------------------------


@pytest.mark.seconds
def test_time_is_bounded_in_all(cage):
    sleeping = ["import time\ntime.sleep(60)"] * 60
    assert run(cage, *sleeping, seconds=0.05, in_all=1.0)[-1] == {"event": "late"}


def test_memory_is_bounded(cage):
    assert "MemoryError" in str(run(cage, "hoard = bytearray(2**30)"))
    grow = "import os, time\nfor _ in range(4):\n    os.fork()\nhoard = b'x' * (100 * 2**20)\n"
    assert run(cage, grow + "time.sleep(60)")[-1] == {"event": "memory"}


def test_memory_that_belongs_to_no_process_is_refused(cage):
    look = (
        ATTEMPT
        + """
import mmap
zeros = open("/dev/zero", "r+b")
seen = [
    attempt(os.memfd_create, "x"), libc.shmget(0, 4096, 0o1600), libc.msgget(0, 0o1600),
    attempt(mmap.mmap, -1, 4096), attempt(mmap.mmap, zeros.fileno(), 4096), sum(zeros.read(2)),
]
"""
    )
    assert seen(cage, look) == [errno.EPERM, -1, -1, errno.EPERM, errno.ENODEV, 0]


def test_memory_that_is_its_own_or_a_files_is_there_to_be_mapped(cage):
    look = """
import ctypes, mmap, multiprocessing, numpy as np, os
from multiprocessing.shared_memory import SharedMemory
seen = [len(mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))]
np.save("/tmp/array.npy", np.arange(6.0))
seen.append(float(np.load("/tmp/array.npy", mmap_mode="r+").sum()))
shared = SharedMemory(create=True, size=4096)
shared.buf[0] = 5
if not os.fork():
    shared.buf[0] += 2
    os._exit(0)
os.wait()
seen.append(shared.buf[0])
shared.unlink()
together = multiprocessing.RawArray("d", 3)
seen.append(len(together))
seen.append(ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 3)())
"""
    assert seen(cage, look) == [4096, 15.0, 7, 3, 3]


def test_sockets_that_know_no_walls_are_refused(cage):
    look = """
import errno, socket
seen = []
for family in (1, 2, 10, 16, 17, 38, 40, 31):  # local, two of the internet, netlink; packet, ALG, VSOCK
    try:
        socket.socket(family, socket.SOCK_RAW if family == 16 else socket.SOCK_STREAM).close()
        seen.append("open")
    except OSError as error:
        seen.append(error.errno == errno.EPERM)
seen.append(all(end.fileno() > 0 for end in socket.socketpair()))
"""
    assert seen(cage, look) == [*["open"] * 4, *[True] * 4, True]


@pytest.mark.seconds
def test_what_processes_share_counts_once(cage):
    share = """
import os, time
hoard = b"x" * (100 * 2**20)
for _ in range(9):
    if os.fork() == 0:
        time.sleep(60)
time.sleep(1)
"""
    assert run(cage, share)[-1]["event"] == "done"


@pytest.mark.seconds
def test_processes_are_bounded(cage):
    bomb = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    assert run(cage, bomb, seconds=60.0)[-1] == {"event": "processes"}
    most = seen(cage, "import resource; seen = resource.getrlimit(resource.RLIMIT_NPROC)[1]")
    assert most == 128 + 2 * len(os.sched_getaffinity(0))


def test_files_are_bounded_in_size_and_number(cage):
    look = """
seen = []
def fill(path):
    written = 0
    try:
        with open(path, "wb", buffering=0) as file:
            while written < 2**30:
                written += file.write(bytes(2**20))
    except OSError:
        pass
    return written
seen = [fill("/tmp/a"), fill("/tmp/b"), fill("/dev/shm/a")]
held = []
try:
    while len(held) < 2000:
        held.append(open("/dev/null"))
except OSError:
    pass
seen.append(len(held))
held.clear()
"""
    one, two, shared, held = seen(cage, look)
    assert one <= 2**26 and one + two <= 2**26 and shared <= 2**26
    assert held < 128


def test_nothing_is_left_for_the_next(cage):
    leave = """
import os, time
for place in ("/tmp", "/dev/shm"):
    open(f"{place}/left", "w").close()
if os.fork() == 0:
    os.setsid()
    os.umask(0)
    time.sleep(600)
os.environ["LEFT"] = "1"
import numpy, sys
numpy.left = sys.left = 1
"""
    look = """
import glob, os, sys, numpy
seen = [glob.glob("/tmp/left") + glob.glob("/dev/shm/*"), "LEFT" in os.environ]
seen += [hasattr(numpy, "left"), hasattr(sys, "left")]
"""
    assert run(cage, leave)[-1]["event"] == "done"
    assert [one for one in cage.server.children(recursive=True) if one.is_running()] == []
    assert seen(cage, look) == [[], False, False, False]


def test_what_a_stopped_cell_started_is_stopped_too(cage):
    start = "import os, time\nif os.fork() == 0:\n    time.sleep(600)\nwhile True:\n    pass"
    told = run(cage, start, f"{SEEN} = os.waitpid(-1, 0)[1]", seconds=0.5)
    assert told[-2]["answer"].value == 9  # how its child ended: by SIGKILL


@pytest.mark.seconds
@pytest.mark.parametrize(
    "endless",
    ["while True:\n    pass", "import asyncio\nwhile True:\n    await asyncio.sleep(0)"],
    ids=["loops", "awaits"],
)
def test_cell_that_was_stopped_costs_no_later_one(cage, endless):
    awaiting = "import asyncio\nasyncio.get_running_loop()\nawait asyncio.sleep(0)"
    told = run(cage, *[endless, awaiting] * 2, f"{SEEN} = 1", seconds=0.5)
    errors = [event["error"].id for event in told if "error" in event]
    assert errors == ["endless"] * 2


def test_cage_in_which_the_lesson_cannot_import_what_it_needs_is_not_used(monkeypatch):
    assert "import numpy as np" in imported_by(1)
    monkeypatch.setattr(caging, "imported_by", lambda lesson: ["import numpy", "import notthere"])
    with pytest.raises(Broken, match=r"`import notthere` does not work.*No module named"):
        Cage(1, Limits(memory=512))


@pytest.mark.parametrize("limits", [{"seconds": math.nan}, {"seconds": 1e300}, {"memory": 10**12}])
def test_absurd_limits_are_refused(limits):
    with pytest.raises(Trouble, match=r"at most.*given"):
        Limits(**limits)


def test_fork_server_with_a_second_thread_is_not_used(monkeypatch):
    def with_a_thread(lesson, folder):
        stage(lesson, folder)
        start = "import threading, time\nthreading.Thread(target=time.sleep, args=[600]).start()\n"
        (folder / "sitecustomize.py").write_text(start)

    monkeypatch.setattr(caging, "stage", with_a_thread)
    with pytest.raises(Broken, match="2 threads in the fork server"):
        Cage(1, Limits())


@pytest.mark.seconds
def test_closed_cage_leaves_nothing():
    one = Cage(1, Limits())
    inside = psutil.Process(one.process.pid).children(recursive=True)
    one.close()
    psutil.wait_procs(inside, timeout=10)
    assert not one.folder.exists()
    assert not [process for process in inside if process.is_running()]


def test_folders_of_killed_owners_are_swept(tmp_path, monkeypatch):
    monkeypatch.setattr(caging.tempfile, "gettempdir", lambda: str(tmp_path))
    for owner in (2**30, os.getpid()):
        (tmp_path / f"{caging.PREFIX}{owner}-x").mkdir()
    caging.sweep()
    assert [path.name for path in tmp_path.iterdir()] == [f"{caging.PREFIX}{os.getpid()}-x"]


# --- What it may say ------------------------------------------------------------------------------

ENDS = """
import gc, time
from course.grading.cage.wire import Channel
from course.checking.looking import Raised
(channel,) = [one for one in gc.get_objects() if isinstance(one, Channel)]
error = Raised("raised", "x", "x", "x")
"""
SAYS = {
    "bytes that are no message": ("channel.end.sendall(b'passed! ' * 99)", "garbled"),
    "a length that no message has": ("channel.end.sendall(b'\\xff' * 8)", "garbled"),
    "half a message": (
        "channel.end.sendall(bytes(7) + b'\\x09' + b'{')\ntime.sleep(60)",
        "garbled",
    ),
    "a message byte by byte": (
        "channel.end.sendall(bytes(7))\nwhile True:\n    channel.end.send(b'9')\n    time.sleep(0.05)",
        "garbled",
    ),
    "nothing, with signals blocked": (
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\ntime.sleep(60)",
        "late",
    ),
    "more than a notebook can": (
        "while True:\n    channel.send({'event': 'raised', 'cell': 0, 'line': 1, 'error': error})",
        "garbled",
    ),
    "an event of its own": ("channel.send({'event': 'passed'})", "garbled"),
    "that it is done": ("channel.send({'event': 'done'})", "done"),
}


@pytest.mark.seconds
@pytest.mark.parametrize("what", SAYS)
def test_whatever_it_says_the_run_ends(cage, monkeypatch, what):
    monkeypatch.setattr(caging, "GRACE", 0.5)
    says, ended = SAYS[what]
    assert run(cage, ENDS + says, seconds=0.5)[-1]["event"] == ended
    assert seen(cage, "seen = 577") == 577


ODD = [None, True, 5, 0.5, "x", (), [], [1], {}, ..., np.zeros(3), np.float64(1), "lesson"]
ERROR = Raised("raised", "x", "x", "x")
TOLD = {
    "cell": 0,
    "statement": 0,
    "line": 1,
    "number": 0,
    "key": SEEN,
    "name": "x",
    "asked": [],
    "error": ERROR,
    "answer": Answer("undefined"),
    "given": np.zeros(3, np.uint8),
    "said": True,
}


def events(job):
    """One right event of each kind."""
    for kind, names in FIELDS.items():
        yield {"event": kind, **{name: TOLD[name] for name in names}}


def test_events_of_the_right_form_are_taken_and_all_others_are_not():
    job = {"cells": [""] * 3, "keys": {SEEN: "value"}}
    whole = {name: [5] for name in ("statement", "line", "number")}
    right = {"asked": [[]], "name": ["x", "lesson"], "said": [None, True, False], **whole}
    for event in events(job):
        assert checked(event, job) is event
        for name in event:
            for odd in ODD:
                if name in right and any(type(odd) is type(r) and odd == r for r in right[name]):
                    continue
                with pytest.raises(Garbled):
                    checked({**event, name: odd}, job)
    assert most_events(job) > 4 * len(job["cells"])


@pytest.mark.parametrize("odd", ODD)
def test_no_part_of_an_answer_or_an_error_is_of_another_type(odd):
    for name in Raised._fields:
        if not (type(odd) is str and name != "id"):
            wrong = ERROR._replace(**{name: odd})
            for outcome in (Outcome(error=wrong), Outcome(error=0 if odd is None else odd)):
                with pytest.raises(Garbled):
                    decode(encode(Answer("value", outcomes=(outcome,))), told=True)
