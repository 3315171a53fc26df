"""What every help desk's reader does alike: entries with quoted mails to one interaction.

A chat kept in one entry becomes its messages, and what an agent forwards is its sender's.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from qa.core.texts import gettext_noop
from transcripts.formats.chat_log import ChatText, read_chat_log
from transcripts.formats.chats.messages import (
    ChatLog,
    Message,
    interaction_of,
    note_by,
    stamp_of,
)
from transcripts.formats.errors import with_plain_breaks
from transcripts.formats.html_text import html_to_text
from transcripts.formats.json_values import text
from transcripts.formats.mail.quoted import read_forward
from transcripts.formats.mail.replies import Reply, split_html_reply, split_reply
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Json
from transcripts.formats.remarks import STRANGER, with_remarks
from transcripts.formats.stamps import Stamp
from transcripts.formats.tickets.forwards import Forward, split_forward
from transcripts.formats.tickets.people import People, persons_of_chat

QUOTED_BYTES: Final = 46_000  # of JSON, in metadata
MAX_WORDS: Final = 600_000  # characters of one body
PAGES: Final = gettext_noop("The file holds one page of several.")
OTHERS: Final = gettext_noop("Records that are not tickets were left out.")
CHAT: Final = gettext_noop(
    "A chat contained in one message was read as separate messages; notes of who "
    "joined and left were left out."
)
FORWARDED: Final = gettext_noop(
    "What an agent forwarded is shown as the words of whoever wrote it."
)
SURVEY: Final = gettext_noop("An answer to a survey is shown apart.")


@dataclass(frozen=True, slots=True)
class Words:
    """A body cut into its new words and what it quotes, and the whole of it."""

    reply: Reply
    whole: str

    @property
    def text(self) -> str:
        return self.reply.text


@dataclass(frozen=True, slots=True)
class Entry:
    """A reply, comment or note of a ticket; `private` was never shown to the customer."""

    words: Words
    role: str
    speaker: str
    sent: Any
    private: bool = False
    remark: str = ""  # how it was read, for whoever reviews it
    is_chat: bool = False  # stated to be a chat's transcript, be it private

    @property
    def reply(self) -> Reply:
        return self.words.reply

    def message(self) -> Message:
        stamp = stamp_of(self.sent)
        if self.private:
            return Message(self.words.text, "system", note_by(self.speaker), stamp)
        return Message(self.words.text, self.role, self.speaker, stamp)


@dataclass(slots=True)
class _Unfolding:
    """The messages of a ticket as they are taken out of its entries."""

    people: People
    remarks: dict[str, None] = field(default_factory=dict)
    by_chat: bool = False

    def messages(self, entry: Entry, *, opens: bool) -> Iterator[Message]:
        chat = None if entry.private and not entry.is_chat else read_chat_log(entry.words.whole)
        passed_on = entry.role == "agent" and not entry.private
        forward = split_forward(entry.words.whole, opens=opens) if passed_on else None
        if entry.remark and entry.words.text:
            self.remarks[entry.remark] = None
        if chat is not None:
            yield from self._of_chat(entry, chat)
        elif forward is not None and self._is_anothers(entry, forward):
            yield from self._of_forward(entry, forward)
        else:
            yield entry.message()

    def _of_chat(self, entry: Entry, chat: ChatText) -> Iterator[Message]:
        self.remarks[CHAT] = None
        self.by_chat = True
        persons = persons_of_chat([said.label for said in chat.messages], self.people)
        sent = stamp_of(entry.sent)
        if chat.above:
            yield Message(chat.above, entry.role, entry.speaker, sent)
        for said, moment in zip(chat.messages, chat.moments(), strict=True):
            person = persons[said.label]
            stamp = Stamp(moment) if moment else sent
            yield Message(said.text, person.role, person.label, stamp)

    def _is_anothers(self, entry: Entry, forward: Forward) -> bool:
        return self.people.known_as(forward.sender).label.casefold() != entry.speaker.casefold()

    def _of_forward(self, entry: Entry, forward: Forward) -> Iterator[Message]:
        self.remarks[FORWARDED] = None
        sent = stamp_of(entry.sent)
        who = self.people.known_as(forward.sender)
        if who.role == "unknown" and not self.people.knows_customer:
            who = replace(who, role="customer")
        if who.role == "unknown":
            self.remarks[STRANGER] = None
        if forward.own:
            yield Message(split_reply(forward.own).text, entry.role, entry.speaker, sent)
        yield Message(split_reply(forward.words).text, who.role, who.label, sent)


def words(plain: Any, html: Any, *, subject: str = "") -> Words:
    """The new words of a body, from its plain text where it has one, else from its HTML."""
    said = with_plain_breaks(text(plain)[:MAX_WORDS]).replace("\x00", "")
    marked_up = "" if said else text(html)[:MAX_WORDS]
    whole = said or html_to_text(marked_up)
    if read_chat_log(whole) is not None:
        return Words(Reply(whole), whole)
    cut = (
        split_html_reply(marked_up, subject=subject)
        if marked_up
        else split_reply(said, subject=subject)
    )
    return Words(cut, whole)


def ticket_of(
    entries: Sequence[Entry],
    reading: ChatLog,
    *,
    channel: str,
    subject: Any,
    people: People | None = None,
    remarks: Iterable[str] = (),
    **facts: Any,
) -> CanonicalInteraction:
    """One interaction of a ticket's entries; `channel` is what the file says, else e-mail."""
    first = _first_of(entries)
    if people is None or not people.knows_customer:
        entries = list(_asked_by_first(entries, first))
    unfolding = _Unfolding(people or People(), dict.fromkeys(remarks))
    messages = [
        message for entry in entries for message in unfolding.messages(entry, opens=entry is first)
    ]
    for remark in unfolding.remarks:
        reading.note(remark)
    by_chat = "chat" if unfolding.by_chat and channel != "call" else ""
    found = interaction_of(
        messages,
        reading,
        channel=by_chat or channel or reading.source.channel or "email",
        subject=" ".join(html_to_text(text(subject)[:2_000]).split())[:1_000],
        metadata=with_remarks({}, unfolding.remarks),
        **facts,
    )
    metadata = _set_aside(entries, found.turns)
    return replace(found, metadata={**found.metadata, **metadata}) if metadata else found


def _asked_by_first(entries: Sequence[Entry], first: Entry | None) -> Iterator[Entry]:
    """The entries of a ticket that does not say who asked: whoever wrote in first did."""
    opener = first.speaker if first and first.role == "customer" and not first.private else ""
    for entry in entries:
        stranger = opener and entry.speaker and entry.speaker.casefold() != opener.casefold()
        if stranger and entry.role == "customer":
            yield replace(entry, role="unknown", remark=STRANGER)
        else:
            yield entry


def _first_of(entries: Sequence[Entry]) -> Entry | None:
    """The entry that opened the ticket: the earliest with words, by time as far as it is known."""
    keyed = [(stamp_of(entry.sent).sort_key, entry) for entry in entries if entry.words.text]
    timed = [(key, at) for at, (key, _) in enumerate(keyed) if key is not None]
    return keyed[min(timed)[1] if timed else 0][1] if keyed else None


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
