"""What every help desk's reader does alike: entries with quoted mails to one interaction."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from transcripts.formats.chats.messages import ChatLog, Message, interaction_of, note_by, stamp_of
from transcripts.formats.html_text import html_to_text
from transcripts.formats.json_values import text
from transcripts.formats.mail.replies import Reply, split_html_reply, split_reply
from transcripts.formats.model import CanonicalInteraction, Json

QUOTED_BYTES: Final = 46_000  # of JSON, in metadata
MAX_WORDS: Final = 600_000  # characters of one body
PAGES: Final = "The file holds one page of several."
OTHERS: Final = "Records that are no tickets were left out."


@dataclass(frozen=True, slots=True)
class Entry:
    """A reply, comment or note of a ticket; `private` was never shown to the customer."""

    reply: Reply
    role: str
    speaker: str
    sent: Any
    private: bool = False

    def message(self) -> Message:
        stamp = stamp_of(self.sent)
        if self.private:
            return Message(self.reply.text, "system", note_by(self.speaker), stamp)
        return Message(self.reply.text, self.role, self.speaker, stamp)


def words(plain: Any, html: Any, *, subject: str = "") -> Reply:
    """The new words of a body, from its plain text where it has one, else from its HTML."""
    said = text(plain)[:MAX_WORDS]
    if said:
        return split_reply(unix_lines(said), subject=subject)
    return split_html_reply(text(html)[:MAX_WORDS], subject=subject)


def unix_lines(said: str) -> str:
    """The text with `\\n` line ends and without U+0000."""
    return said.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def ticket_of(
    entries: Sequence[Entry], reading: ChatLog, *, channel: str, subject: Any, **facts: Any
) -> CanonicalInteraction:
    """One interaction of a ticket's entries; `channel` is what the file says, else e-mail."""
    metadata = _quoted(entries)
    if metadata:
        facts["metadata"] = metadata
    return interaction_of(
        [entry.message() for entry in entries],
        reading,
        channel=channel or reading.source.channel or "email",
        subject=" ".join(html_to_text(text(subject)[:2_000]).split())[:1_000],
        **facts,
    )


def grouped(
    entries: Iterable[dict[str, Any]], *keys: str
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Entries by the ticket that they name, in the order in which the tickets first appear."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        ticket = next((name for key in keys if (name := text(entry.get(key)))), "")
        found.setdefault(ticket, []).append(entry)
    yield from found.items()


def _quoted(entries: Sequence[Entry]) -> dict[str, Json]:
    """The older mails quoted in the entries, as far as there is room for them."""
    kept: list[Json] = []
    left = QUOTED_BYTES
    for quoted in dict.fromkeys(entry.reply.quoted for entry in entries if entry.reply.quoted):
        left -= len(json.dumps(quoted, ensure_ascii=False).encode("utf-8", "replace")) + 2
        if left >= 0:
            kept.append(quoted)
    return {"quoted": kept} if kept else {}
