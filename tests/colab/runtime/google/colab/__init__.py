"""What the course meets of Colab's own package: it is there, and it is imported before any cell.

Beyond Colab, it notes every program that the kernel starts.
"""

import sys

STARTS_A_PROGRAM = {"os.exec", "os.posix_spawn", "os.system", "subprocess.Popen"}

started: list[list[str]] = []


def note(event: str, arguments: tuple) -> None:
    """Keep the command line of a program that is started."""
    if event in STARTS_A_PROGRAM:
        command = arguments[0] if event == "os.system" else arguments[1]
        started.append([command] if isinstance(command, str) else [str(word) for word in command])


sys.addaudithook(note)
