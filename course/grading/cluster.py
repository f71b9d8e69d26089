"""Grading on a Dask cluster: the same work, each worker with a cage of its own."""

import os
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from course.grading import ledger
from course.work import Trouble

CONNECT_SECONDS = 20


def workers(address: str) -> tuple[int, Callable[[], Executor]]:
    """Connect to a scheduler.

    Parameters
    ----------
    address : str
        As Dask prints it: ``tcp://host:port``.

    Returns
    -------
    int, callable
        How many notebooks the cluster works on at a time, and what makes an executor for it.

    Raises
    ------
    Trouble
        If Dask is not installed, nobody answers there, there is no worker, or a worker has another
        version of the course or no cage.
    """
    try:
        from distributed import Client
    except ImportError:
        raise Trouble(
            "--scheduler needs Dask, which is not installed: pip install distributed."
        ) from None
    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise Trouble(
            f"No Dask scheduler answers at {address} ({error}). Start one with `dask scheduler`, and "
            "give the address that it prints."
        ) from None
    said: dict[str, Any] = client.run(ready)
    if not said:
        raise Trouble(
            f"The scheduler at {address} has no workers. Start some: "
            f"dask worker {address} --nthreads 1 --nworkers 4"
        )
    for worker, (version, problem) in said.items():
        if problem:
            raise Trouble(f"The worker at {worker} can't grade. {problem}")
        if version != ledger.course_version():
            raise Trouble(
                f"The worker at {worker} has another version of the course than this machine. "
                "Install the same on both, and start the worker again."
            )
    jobs = sum(client.nthreads().values())
    return jobs, lambda: client.get_executor(pure=False, retries=3)


def ready() -> tuple[str, str]:
    """On a worker: the version of the course, and why it can't grade, if it can't."""
    from course.grading.cage.cage import bubblewrap

    try:
        bubblewrap()
    except Trouble as trouble:
        return ledger.course_version(), str(trouble)
    return ledger.course_version(), "" if os.name == "posix" else "It runs Windows."
