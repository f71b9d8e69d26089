"""pytest, and what failed once more, alone: on CI, only what fails again is a failure.

Where kernels, browsers and clusters share two cores, a right program can come too late for its
test. Alone, it has them to itself. `make` runs every test through this.
"""

import subprocess
import sys

import pytest

from course.authoring.passing import on_ci

PYTEST = [sys.executable, "-m", "pytest"]
ALONE = ["-n", "0", "-vv", "--last-failed", "--last-failed-no-failures", "none"]


def main(arguments: list[str]) -> int:
    """Run pytest with these arguments; gives the exit code of the run that counts."""
    if not on_ci():
        return subprocess.call([*PYTEST, *arguments])
    code = subprocess.call([*PYTEST, "--cache-clear", *arguments])
    if code != pytest.ExitCode.TESTS_FAILED:
        return code
    print("\n==> Once more, alone: the tests that failed", flush=True)
    code = subprocess.call([*PYTEST, *arguments, *ALONE])
    if not code:
        print(
            "==> Alone they pass. Find out what they waited for: a green run hides it.", flush=True
        )
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
