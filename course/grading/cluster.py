"""Grading on a Dask cluster: the same work, each worker with a cage of its own."""

import gc
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any

from course.checking.explaining import message_of
from course.grading import ledger
from course.grading.cage.bubblewrap import bubblewrap
from course.grading.cage.cage import sweep
from course.grading.cores import keep_to_own
from course.grading.grader import close_at_the_end
from course.trouble import Trouble

CONNECT_SECONDS = 20.0  # also for the first worker: a batch system takes a moment to start it
ANSWER_SECONDS = 60.0  # for workers that import the course on a busy machine before they answer

UPDATE = "Install the version of this machine there, and start the worker again."


def workers(address: str, caged: bool = True) -> tuple[int, Callable[[], Executor]]:
    """Connect to a scheduler and see that all its workers can grade.

    Parameters
    ----------
    address : str
        As Dask prints it: ``tcp://host:port``.
    caged : bool
        Whether the workers need bubblewrap.

    Returns
    -------
    int, callable
        How many notebooks the cluster works on at a time, and what makes an executor for it.

    Raises
    ------
    Trouble
        If Dask is not installed, nobody answers there, there is no worker, or a worker has another
        version of the course, more than one thread, or no cage.
    """
    with Cluster(address) as cluster:
        return cluster.ready(caged), partial(Cluster, address)


class Cluster(Executor):
    """The workers of a Dask scheduler, as an executor of `concurrent.futures`."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise Trouble(
                "--scheduler needs Dask, which is not installed: pip install distributed."
            ) from None
        self.address = address
        why: str | None = None
        try:
            self.client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            why = str(error)
        if why is not None:
            # What never connected closes when it is collected. Were that while another client
            # starts, both would wait for the same lock of Dask's, without end.
            gc.collect()
            raise Trouble(
                f"No Dask scheduler answers at {address} ({why}). Start one with `dask "
                "scheduler`, and give the address that it prints."
            )
        self.inner = self.client.get_executor(pure=False)

    def ready(self, caged: bool) -> int:
        """Count the workers, having asked each whether it can grade."""
        try:
            self.client.wait_for_workers(1, CONNECT_SECONDS)
        except TimeoutError:
            raise Trouble(
                f"The scheduler at {self.address} has no workers. Start some: "
                f"dask worker {self.address} --nthreads 1 --nworkers 4"
            ) from None
        try:
            said = self.client.sync(self.ask, caged, callback_timeout=ANSWER_SECONDS)
        except TimeoutError:
            raise Trouble(
                f"A worker of the scheduler at {self.address} has not answered for "
                f"{ANSWER_SECONDS:g} s. `dask worker` prints what it does: start it again where it "
                "stands still, or end it."
            ) from None
        for worker, answer in said.items():
            if isinstance(answer, Exception):
                answer = (
                    f"The course is missing there, or another one: {message_of(answer)} {UPDATE}"
                )
            if answer:
                raise Trouble(f"The worker at {worker} can't grade. {answer}")
        return len(said)

    async def ask(self, caged: bool) -> dict[str, Any]:
        """What each worker says against itself. Dask by itself waits without end for one."""
        version = ledger.course_version()
        said: dict[str, Any] = await self.client.run(problem, version, caged, on_error="return")
        return said

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Let a worker do something."""
        if self.client.status != "running":
            raise Trouble(
                f"The Dask scheduler at {self.address} is gone. What was graded is kept: start it "
                "and its workers, then run the same command again."
            )
        return self.inner.submit(on_worker, ledger.course_version(), work, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave; the scheduler forgets what was asked of it and is not done."""
        self.client.close()


def problem(version: str, caged: bool, dask_worker: Any) -> str:
    """On a worker, which Dask gives: say why it can't grade; nothing if it can."""
    if version != ledger.course_version():
        return f"It has another version of the course than this machine. {UPDATE}"
    threads = dask_worker.state.nthreads
    if threads != 1:  # the judge keeps time and printing for its process, which has one cage
        return f"It has {threads} threads, and needs one: start it with --nthreads 1 --nworkers N."
    try:
        if caged:
            bubblewrap()
    except Trouble as trouble:
        return str(trouble)
    return ""


def on_worker(version: str, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Do the work on a worker, if it can: this one may have come after all others were asked."""
    from distributed import get_worker

    worker = get_worker()
    if trouble := problem(version, False, worker):
        raise Trouble(f"The worker at {worker.address} can't grade. {trouble}")
    sweep()  # what killed workers have left on this machine
    keep_to_own(1)
    close_at_the_end()
    return work(*args, **kwargs)
