"""The `course` command, on top of everything else: one module for each kind of person."""

import sys

from course.misprints import misprint_in

# nbformat brings jsonschema, which would compile a grammar of web addresses: it costs more than a
# second at every start, and checks nothing of ours.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

try:
    from course.cli.app import app  # isort: skip

    from course.cli import learning  # isort: skip - the help shows them in this order
    from course.cli import grading  # isort: skip
    from course.cli import authoring  # isort: skip
except Exception as error:
    if not (misprint := misprint_in(error)):
        raise
    print(misprint, file=sys.stderr)
    raise SystemExit(2) from None

__all__ = ["app", "authoring", "grading", "learning"]
