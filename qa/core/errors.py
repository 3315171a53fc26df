"""What a caller may be told when something is refused.

Actions, importers and the pipeline raise these; doors (views, API, tasks, commands) turn them into
an answer by `code`. A message names ids, files, lines and fields. It never quotes a transcript.
Pure: the importers and the engine use it without Django.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one field.

    `path` leads to the field (`turns[3].role`; empty for the whole), `message` is a predicate that
    reads on from the path: "is missing; expected one of customer, agent".
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path} {self.message}".strip()


class DomainError(Exception):
    """A refusal that people and programs can act on.

    `code` is stable, part of the API; `message` is one readable sentence; `faults` lists every
    field at fault, where the refusal is about fields.
    """

    default_code: ClassVar[str] = "refused"

    def __init__(
        self, message: str, *, code: str | None = None, faults: Iterable[Fault] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.faults: tuple[Fault, ...] = tuple(faults)


class Conflict(DomainError):  # noqa: N818
    """Someone else was first, or the stored content differs."""

    default_code = "conflict"


class Refused(DomainError):  # noqa: N818
    """The request is understood and will not be carried out as it stands."""

    default_code = "refused"


class NotAllowed(DomainError):  # noqa: N818
    """The caller's role does not permit it."""

    default_code = "not_allowed"


class Gone(DomainError):  # noqa: N818
    """What the request is about no longer exists."""

    default_code = "gone"
