"""Grade a large class, here and on a Dask cluster, and see where time and memory go.

.venv/bin/python benchmarks/cluster.py                    1,000 notebooks, at most 10 minutes for each way
.venv/bin/python benchmarks/cluster.py --minutes 2        no more than that; the rest is projected

Notebooks are those of the example class, over and over. What does not run notebooks (finding,
ledger, reports, scheduler) is measured at its full size of 10,000, with grades that are made up.
Processor time is that of this process, which is the only one of its kind however many workers
there are.
"""

import argparse
import os
import platform
import resource
import runpy
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import psutil
from distributed import LocalCluster
from printing import console, table

from course.grading import marking, reports
from course.grading import submissions as found
from course.grading.cluster import Cluster
from course.grading.counting import count
from course.grading.graded import Graded, Submission, nothing
from course.grading.grader import Terms
from course.grading.ledger import Ledger
from course.grading.reports.gradebook import gradebook
from course.lessons import LESSONS

ROOT = Path(__file__).resolve().parents[1]
CLASS = SimpleNamespace(**runpy.run_path(str(ROOT / "examples" / "make_class.py")))
ACCIDENTS = ("plum", "poplar", "rowan", "willow")  # they would be a tenth of the class
WHOLE = 10_000
JOBS = 2

shown = table(
    "A large class", "what", "notebooks", "seconds", "processor here", f"s for {WHOLE:,}", "MiB"
)


class Clock:
    """What something took: seconds, processor seconds of this process, bytes of all of them."""

    def __init__(self) -> None:
        self.start, self.cpu, self.peak = time.perf_counter(), time.process_time(), 0.0

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.start

    def look(self) -> None:
        """See how much memory is used by this process and all that it has started."""
        this, total = psutil.Process(), 0.0
        for one in (this, *this.children(recursive=True)):
            try:
                total += one.memory_full_info().pss
            except psutil.Error:
                continue
        self.peak = max(self.peak, total)

    def show(self, what: str, count: int) -> None:
        """Add a row to the table, with what the whole class would take."""
        seconds, cpu = self.seconds, time.process_time() - self.cpu
        self.look()
        cells = (f"{count:,}", f"{seconds:.1f}", f"{cpu:.1f}", f"{seconds * WHOLE / count:,.0f}")
        shown.add_row(what, *cells, f"{self.peak / 2**20:,.0f}")
        console.print(f"{what}: {count:,} in {seconds:.1f} s", style="dim")


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    """Measure what is done meanwhile."""
    clock = Clock()
    with console.status(what):
        yield
    clock.show(what, count)


def fill(folder: Path, count: int) -> None:
    """Hand in the notebooks of a class."""
    honest = [one.notebook(1) for one in CLASS.STUDENTS if one.name not in ACCIDENTS]
    for number in range(count):
        place = folder / f"student-{number:05d}"
        place.mkdir(parents=True)
        (place / LESSONS[1].file).write_bytes(honest[number % len(honest)])


def grade(
    what: str, class_of: list[Submission], out: Path, workers: Callable[[], Executor], box: float
) -> list[Graded]:
    """Grade as much of a class as there is time for, start-up included."""
    clock, graded = Clock(), []
    with console.status(what), Ledger(out) as ledger:
        for one in marking.mark(class_of, ledger, Terms(577), workers, JOBS):
            graded.append(one)
            if len(graded) % 25 == 0:
                clock.look()
            if clock.seconds > box:
                break
        clock.show(what, len(graded))
    return graded


def made_up(pattern: list[Graded]) -> list[tuple[Submission, Graded]]:
    """Grades of a whole class, in the pattern of real ones."""
    names = (f"student-{number:05d}" for number in range(WHOLE))
    return [
        (Submission(name, 1, (name,)), replace(pattern[n % len(pattern)], student=name))
        for n, name in enumerate(names)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", type=int, default=1000, help="how many run")
    parser.add_argument("--minutes", type=float, default=10, help="for each way of running them")
    asked = parser.parse_args()
    console.print(
        f"{date.today()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.0f}\n"
    )
    with tempfile.TemporaryDirectory(prefix="class-") as place:
        folder = Path(place)
        fill(folder / "class", asked.notebooks)
        with timed("find and read", asked.notebooks):
            class_of = found.find(folder / "class", 1).submissions
        box = 60 * asked.minutes
        local = partial(marking.local, JOBS)
        graded = grade("local workers", class_of, folder / "here", local, box)
        with LocalCluster(
            n_workers=JOBS, threads_per_worker=1, dashboard_address=None, silence_logs="CRITICAL"
        ) as machine:
            dask = partial(Cluster, machine.scheduler_address)
            grade("Dask workers", class_of, folder / "there", dask, box)
            with timed("scheduler: tasks that do nothing", WHOLE), dask() as cluster:
                for task in [cluster.submit(len, str(n)) for n in range(WHOLE)]:
                    task.result()
        whole = made_up(graded or [nothing(Submission("nobody", 1), "missing", "Nothing.")])
        with Ledger(folder / "ledger") as ledger:
            with timed("ledger: keep", WHOLE):
                for submission, one in whole:
                    ledger.keep(submission, Terms(577), one)
            with timed("ledger: recall", WHOLE):
                for submission, _ in whole:
                    assert ledger.recall(submission, Terms(577))
        with timed("reports", WHOLE):
            book = gradebook(count(one for _, one in whole), [1])
            reports.write(book, folder / "report")
    console.print(shown)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"This process never had more than {most:,.0f} MiB.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
