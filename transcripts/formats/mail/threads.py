"""Mails that belong together, and the interaction that they make.

Messages are joined by what they answer; a reply whose answered message is not there joins the last
one of its subject among the same people. Two mails with one Message-ID are still two mails.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from qa.core.texts import gettext_noop
from transcripts.formats.answers import Answers, Question
from transcripts.formats.mail.dates import read_date
from transcripts.formats.mail.messages import Mail
from transcripts.formats.mail.quoted import read_forward, read_quoted
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Json, iso

IDS_BYTES: Final = 5_000  # of JSON, in metadata, which takes 64 KiB
PEOPLE_BYTES: Final = 6_000
ATTACHMENTS_BYTES: Final = 6_000
QUOTED_BYTES: Final = 40_000
ASIDE_BYTES: Final = 3_000
MAX_TO: Final = 10
MAX_ASIDE: Final = 1_000  # characters

_REPLY: Final = re.compile(
    r"\s*['\"]?\s*(?:\[[^\[\]]{1,60}\]\s*)?(?:re|aw|sv|antw|antwort|odp|vá|ynt|res|rif|回复|答复)"
    r"\s?(?:\[\d{1,3}\])?\s?[:\uff1a]",
    re.IGNORECASE,
)
_PREFIXES: Final = 20  # of `Re: Re: Re:`


@dataclass(frozen=True, slots=True)
class Thread:
    """One thread as an interaction, None where no mail has words, with remarks and questions."""

    interaction: CanonicalInteraction | None
    notes: tuple[str, ...] = ()
    open: tuple[Question, ...] = ()


def thread_of(mails: list[Mail], answers: Answers) -> Thread:
    """One interaction of channel email: a turn for each mail that has words, in order of time."""
    ordered = _by_time(mails)
    worded = [mail for mail in ordered if mail.reply.text]
    notes = [note for mail in ordered for note in mail.notes]
    if not worded:
        return Thread(None, tuple(notes))
    if len(worded) < len(ordered):
        notes.append(gettext_noop("Messages without any words were left out."))
    moments = [_moment(mail, answers.time_zone) for mail in worded]
    turns = [_turn(mail, moment) for mail, moment in zip(worded, moments, strict=True)]
    metadata, complete = _metadata(worded)
    if not complete:
        notes.append(gettext_noop("Quoted history was too long to be kept whole."))
    no_zone = any(mail.sent and mail.sent.naive for mail in worded) and not answers.time_zone
    interaction = CanonicalInteraction(
        channel="email",
        turns=tuple(turns),
        started_at=next((moment for moment in moments if moment), None),
        subject=next((mail.subject for mail in worded if mail.subject), None),
        metadata=metadata,
    )
    questions = (Question.TIME_ZONE,) if no_zone else ()
    return Thread(interaction, tuple(dict.fromkeys(notes)), questions)


def threads(mails: Iterable[Mail]) -> list[list[Mail]]:
    """Group mails, in the order in which their first ones were sent."""
    groups = _Groups(_by_time(list(_without_copies(mails))))
    groups.join_by_references()
    groups.join_by_subject()
    return groups.lists()


class _Groups:
    """Mails and the ids they name, joined step by step."""

    def __init__(self, mails: list[Mail]) -> None:
        self._mails = mails
        self._parents: dict[int | str, int | str] = {}
        self._ids: dict[str, int] = {}
        for index, mail in enumerate(mails):
            if mail.message_id:
                self._ids.setdefault(mail.message_id, index)

    def join_by_references(self) -> None:
        for message_id, index in self._ids.items():
            self._join(message_id, index)
        for index, mail in enumerate(self._mails):
            for reference in mail.references:
                self._join(reference, index)

    def join_by_subject(self) -> None:
        latest: dict[str, int] = {}
        for index, mail in enumerate(self._mails):
            subject = plain_subject(mail.subject)
            if not subject:
                continue
            lost = not any(reference in self._ids for reference in mail.references)
            earlier = latest.get(subject)
            if earlier is not None and lost and _REPLY.match(mail.subject):
                other = self._mails[earlier]
                strangers = mail.recipients and other.recipients
                if not strangers or mail.participants & other.participants:
                    self._join(earlier, index)
            latest[subject] = index

    def lists(self) -> list[list[Mail]]:
        found: dict[int | str, list[Mail]] = {}
        for index, mail in enumerate(self._mails):
            found.setdefault(self._root(index), []).append(mail)
        return list(found.values())

    def _join(self, node: int | str, other: int | str) -> None:
        self._parents[self._root(node)] = self._root(other)

    def _root(self, node: int | str) -> int | str:
        path = []
        while (parent := self._parents.get(node, node)) != node:
            path.append(node)
            node = parent
        self._parents.update(dict.fromkeys(path, node))
        return node


def plain_subject(subject: str) -> str:
    """A subject without `Re:` and the like, in lower case."""
    for _ in range(_PREFIXES):
        match = _REPLY.match(subject)
        if match is None:
            break
        subject = subject[match.end() :]
    return " ".join(subject.casefold().split()).strip("'\" ")


def _without_copies(mails: Iterable[Mail]) -> Iterator[Mail]:
    """Each mail once, where an archive holds the same one twice."""
    seen: set[tuple[str, datetime | None, str, str]] = set()
    for mail in mails:
        moment = mail.sent.moment if mail.sent else None
        key = (mail.message_id, moment, mail.sender, mail.reply.text)
        if not mail.message_id or key not in seen:
            seen.add(key)
            yield mail


def _by_time(mails: list[Mail]) -> list[Mail]:
    """In order of time, stably; a mail without a date stays behind the one before it."""
    keys: list[datetime] = []
    for mail in mails:
        before = keys[-1] if keys else datetime.min.replace(tzinfo=UTC)
        keys.append(mail.sent.moment if mail.sent else before)
    return [mails[index] for index in sorted(range(len(mails)), key=keys.__getitem__)]


def _moment(mail: Mail, zone: ZoneInfo | None) -> datetime | None:
    """When a mail was sent; None where no zone is stated and nobody has told one."""
    if mail.sent is None:
        return None
    if not mail.sent.naive:
        return mail.sent.moment
    return mail.sent.moment.replace(tzinfo=zone).astimezone(UTC) if zone else None


def _turn(mail: Mail, moment: datetime | None) -> CanonicalTurn:
    return CanonicalTurn(
        role=mail.automatic or "unknown",
        speaker=mail.sender or None,
        text=mail.reply.text,
        sent_at=moment,
    )


def _metadata(mails: list[Mail]) -> tuple[dict[str, Json], bool]:
    """What the mails hold beside their words, and whether all that they quote found room."""
    everybody = dict.fromkeys(
        person for mail in mails for person in (mail.sender, *mail.recipients)
    )
    quoted: list[Json] = list(_quoted(mails))
    attached: list[Json] = [
        {"turn": turn, **attachment}
        for turn, mail in enumerate(mails)
        for attachment in mail.attachments
    ]
    kept = {
        "message_ids": _within(IDS_BYTES, [mail.message_id for mail in mails if mail.message_id]),
        "participants": _within(PEOPLE_BYTES, [person for person in everybody if person]),
        "attachments": _within(ATTACHMENTS_BYTES, attached),
        "quoted": _within(QUOTED_BYTES, quoted),
        "set_aside": _within(ASIDE_BYTES, _set_aside(mails)),
        "forwards": _within(ASIDE_BYTES, _forwards(mails)),
    }
    complete = len(kept["quoted"]) == len(quoted)
    return {key: values for key, values in kept.items() if values}, complete


def _quoted(mails: list[Mail]) -> Iterator[Json]:
    """What each mail quotes, except where every line of it stands in the thread before."""
    known: set[str] = set()
    for turn, mail in enumerate(mails):
        lines = _bare_lines(mail.reply.quoted)
        if not lines <= known:
            sent = _stated(mail, read_quoted(mail.reply.quoted).head)
            yield {"turn": turn, "text": mail.reply.quoted, **({"sent_at": sent} if sent else {})}
        known |= lines | _bare_lines(mail.reply.text)


def _forwards(mails: list[Mail]) -> Iterator[Json]:
    """The turns that hand on somebody else's mail, to whom, and when that one says it was sent."""
    for turn, mail in enumerate(mails):
        found = read_forward(mail.reply.text, mail.subject)
        if found is not None:
            to: list[Json] = list(mail.recipients[:MAX_TO])
            yield {"turn": turn, "to": to, "sent_at": _stated(mail, found.mail.head)}


def _stated(mail: Mail, head: str) -> str | None:
    """When a quoted mail says it was sent; its program wrote that by the clock of who quotes it."""
    sent = mail.sent
    return iso(read_date(head, sent.zone if sent else None, sent.moment if sent else None))


def _set_aside(mails: list[Mail]) -> Iterator[Json]:
    """What was no mail's own words: warnings above it, and what nobody sees."""
    for turn, mail in enumerate(mails):
        for kind, text in (("banner", mail.reply.banner), ("hidden", mail.reply.hidden)):
            if text:
                yield {"turn": turn, "kind": kind, "text": text[:MAX_ASIDE]}


def _bare_lines(text: str) -> set[str]:
    return {bare for line in text.split("\n") if (bare := " ".join(line.strip("> \t").split()))}


def _within(limit: int, values: Iterable[Json]) -> list[Json]:
    """As many values as fit into the bytes of JSON."""
    kept: list[Json] = []
    for value in values:
        limit -= len(json.dumps(value, ensure_ascii=False).encode()) + 2
        if limit >= 0:
            kept.append(value)
    return kept
