"""Logs that cannot leak a transcript.

Database and parser errors may quote the row or the text they failed on, so a
logged exception shows its type and the places it passed, never its message.
"""

import logging
import traceback
from collections.abc import Mapping
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PrivateFormatter(logging.Formatter):
    """One line a record; exceptions without their messages."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        # Celery puts the exception's own words into the message of a failed task.
        if isinstance(record.args, Mapping) and "exc" in record.args:
            kind = record.exc_info[0] if record.exc_info else None
            name = kind.__qualname__ if kind else "an exception"
            record.args = {**record.args, "exc": name}
        return super().format(record)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 (logging's own name)
        lines = []
        error = ei[1]
        while error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
            lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)
