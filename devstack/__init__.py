"""What `make run` and `make test` run on. Any Python must be able to read this file, to be told."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    raise SystemExit(
        "Heard needs Python 3.11 or newer, and this is %d.%d. "  # noqa: UP031
        "With another one on the PATH: make run PYTHON=python3.11" % sys.version_info[:2]
    )
