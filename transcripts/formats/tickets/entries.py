"""What every help desk's reader does alike: entries with quoted mails to one interaction."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from transcripts.formats.chats.messages import ChatLog, Message, interaction_of, note_by, stamp_of
from transcripts.formats.html_text import html_to_text
from transcripts.formats.json_values import text
from transcripts.formats.mail.quoted import read_forward
from transcripts.formats.mail.replies import Reply, split_html_reply, split_reply
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Json

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
    found = interaction_of(
        [entry.message() for entry in entries],
        reading,
        channel=channel or reading.source.channel or "email",
        subject=" ".join(html_to_text(text(subject)[:2_000]).split())[:1_000],
        **facts,
    )
    metadata = _set_aside(entries, found.turns)
    return replace(found, metadata={**found.metadata, **metadata}) if metadata else found


def grouped(
    entries: Iterable[dict[str, Any]], *keys: str
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Entries by the ticket that they name, in the order in which the tickets first appear."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        ticket = next((name for key in keys if (name := text(entry.get(key)))), "")
        found.setdefault(ticket, []).append(entry)
    yield from found.items()


def _set_aside(entries: Sequence[Entry], turns: Sequence[CanonicalTurn]) -> dict[str, list[Json]]:
    """The older mails quoted in the entries, and what else was set aside, while there is room."""
    places = {(turn.speaker or "", turn.text): at for at, turn in enumerate(turns)}
    kept: dict[str, list[Json]] = {"quoted": [], "set_aside": [], "forwards": []}
    left = QUOTED_BYTES
    seen: set[str] = set()
    for entry in entries:
        message = entry.message()
        place = places.get((message.speaker, message.text.strip()))
        for key, value in _asides(entry, place):
            size = len(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")) + 2
            if str(value.get("text")) in seen or left < size:
                continue
            if key == "quoted":
                seen.add(str(value.get("text")))
            left -= size
            kept[key].append(value)
    return {key: values for key, values in kept.items() if values}


def _asides(entry: Entry, place: int | None) -> Iterator[tuple[str, dict[str, Json]]]:
    """What an entry holds beside its own words, with the place of its turn where it has one."""
    at: dict[str, Json] = {} if place is None else {"turn": place}
    reply = entry.reply
    if reply.quoted:
        yield "quoted", {**at, "text": reply.quoted}
    for kind, said in (("banner", reply.banner), ("hidden", reply.hidden)):
        if said:
            yield "set_aside", {**at, "kind": kind, "text": said[:1_000]}
    if place is not None and not entry.private and read_forward(reply.text, "") is not None:
        yield "forwards", at
