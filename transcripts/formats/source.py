"""One file on its way in: its bytes, and what several recognisers want to know of it, once."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.answers import NO_ANSWERS, Answers
from transcripts.formats.decoding import Decoded, decode
from transcripts.formats.errors import FormatError
from transcripts.formats.garbled import ungarbled
from transcripts.formats.limits import UNLIMITED, Limits
from transcripts.formats.strict_json import read_json

MENDED: Final = gettext_noop(
    "Its characters were garbled because UTF-8 had been read as Windows-1252; this was corrected."
)
LOOKED_AT: Final = 20  # lines tried for a JSON record
_JSON_START: Final = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")


@dataclass(frozen=True)
class Source:
    """A file's bytes and name; text and JSON are read when first asked for, and kept.

    `channel` is the caller's word on the channel, for files that don't say; `answers` is the
    uploader's on what else a file may leave open; `limits` is how much it may hold.
    """

    data: bytes
    name: str
    channel: str | None = None
    answers: Answers = NO_ANSWERS
    limits: Limits = UNLIMITED

    @property
    def decoded(self) -> Decoded:
        """The file as text; FormatError if it is none."""
        decoded, refusal = self._decoded
        if decoded is None:
            raise refusal or FormatError(_("is not text"))
        return decoded

    @cached_property
    def _decoded(self) -> tuple[Decoded | None, FormatError | None]:
        """The text, or why there is none: every recogniser may ask, one decodes."""
        try:
            decoded = decode(self.data)
            if _JSON_START.match(decoded.text):  # taken as its sender wrote it
                return decoded, None
            text = ungarbled(decoded.text)
            return replace(decoded, text=text, mended=text != decoded.text), None
        except FormatError as refusal:
            return None, refusal

    @property
    def text(self) -> str:
        """The whole text with `\\n` line ends; FormatError if the file is no text."""
        return self.decoded.text

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @property
    def extension(self) -> str:
        return PurePath(self.name).suffix.lower().removeprefix(".")

    @cached_property
    def starts_like_json(self) -> bool:
        return _JSON_START.match(self.text) is not None

    @property
    def document(self) -> Any:
        """The file as one JSON value; FormatError if it isn't one."""
        value, refusal = self._json
        if refusal is not None:
            raise refusal
        return value

    @cached_property
    def _json(self) -> tuple[Any, FormatError | None]:
        """The JSON value, or why there is none: every recogniser may ask, one reads."""
        try:
            return read_json(self.text, constants=True), None
        except FormatError as refusal:
            return None, refusal

    @cached_property
    def first_record(self) -> dict[str, Any] | None:
        """The first JSON object: the document, its first element, or the first good line."""
        if not self.starts_like_json:
            return None
        try:
            document = self.document
            record = document[0] if isinstance(document, list) and document else document
            return record if isinstance(record, dict) else None
        except FormatError:
            return self._first_line_record()

    @cached_property
    def is_json_lines(self) -> bool:
        """True if the file isn't one JSON value but has a line that is a JSON object."""
        try:
            _ = self.document
        except FormatError:
            return self.first_record is not None
        return False

    @property
    def records(self) -> int:
        """How many JSON records the file has at most: lines, elements of its list, or one."""
        decoded, _ = self._decoded
        if decoded is None or not self.starts_like_json:
            return 0
        if self.is_json_lines:
            return len(self.lines)
        value, _ = self._json
        return len(value) if isinstance(value, list) else 1

    def _first_line_record(self) -> dict[str, Any] | None:
        for line in [line for line in self.lines[: LOOKED_AT * 5] if line.strip()][:LOOKED_AT]:
            try:
                record = read_json(line, constants=True)
            except FormatError:
                continue
            if isinstance(record, dict):
                return record
        return None

    def notes(self) -> tuple[str, ...]:
        """What the uploader should know of how the text was read."""
        decoded, __ = self._decoded
        if decoded is None:
            return ()
        guess = _("The encoding was taken to be %(encoding)s.") % {"encoding": decoded.encoding}
        return (*([guess] if decoded.guessed else []), *([MENDED] if decoded.mended else []))
