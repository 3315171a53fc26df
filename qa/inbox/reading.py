"""Notices as their reader may read them: names for ids, and nothing of what they may not see."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from qa.calibration.models import Session
from qa.coaching.models import SharedPreScore
from qa.disputes.models import Dispute
from qa.inbox.sentences import Told, detail, sentence
from qa.notices.models import Notice
from qa.organizations.actors import names_of
from qa.organizations.models import Membership, Role
from qa.reviews.models import Review
from qa.reviews.visibility import hidden_on_own_page
from transcripts.models import Interaction


@dataclass(frozen=True, slots=True)
class Line:
    """One notice in words; `address` is empty where there is nothing left to go to."""

    pk: UUID
    kind: str
    words: str
    detail: str
    address: str
    at: datetime
    is_new: bool

    @property
    def gone(self) -> bool:
        return not self.address

    @property
    def icon(self) -> str:
        return ICONS.get(self.kind, "bell")


ICONS: Final[Mapping[str, str]] = {
    Notice.Kind.FEEDBACK: "message-circle-heart",
    Notice.Kind.SCORE_CHANGED: "pencil-line",
    Notice.Kind.ACKNOWLEDGED: "check-check",
    Notice.Kind.REPLY: "message-circle",
    Notice.Kind.DISPUTE_OPENED: "handshake",
    Notice.Kind.DISPUTE_DECIDED: "handshake",
    Notice.Kind.ASSIGNED: "inbox",
    Notice.Kind.LEASE_ENDING: "clock",
    Notice.Kind.REMINDER: "clock",
    Notice.Kind.CALIBRATION: "crosshair",
    Notice.Kind.HANDED_OVER: "headset",
    Notice.Kind.AGREEMENT: "scale",
}
# What a notice can be about: the rows of that kind which somebody sees.
SEEN: Final[Mapping[str, Callable[[Membership], Any]]] = {
    "review": Review.objects.visible_to,
    "dispute": Dispute.objects.visible_to,
    "session": Session.objects.visible_to,
    "prescore": SharedPreScore.objects.visible_to,
}


def read(notices: Sequence[Notice], *, by: Membership) -> list[Line]:
    """Put notices into words for their reader; as many queries for one as for many."""
    facts = [notice.facts for notice in notices if notice.facts]
    found = _Found(facts, by)
    return [_line(notice, found) for notice in notices]


def _line(notice: Notice, found: "_Found") -> Line:
    facts, address = notice.facts, notice.address
    words, more = notice.words or notice.get_kind_display(), ""
    if facts and found.gone(facts):
        words, address = notice.get_kind_display(), ""
    elif facts:
        told = found.told(facts)
        words, more = sentence(told) or words, detail(told)
    new = notice.read_at is None
    return Line(notice.pk, notice.kind, words, more, address, notice.created_at, new)


class _Found:
    """The names of what some notices are about, and what of it the reader sees."""

    def __init__(self, facts: Sequence[Mapping[str, Any]], by: Membership) -> None:
        self.by = by
        openers = {f"member:{one['opened_by']}" for one in facts if "opened_by" in one}
        self.names = names_of({one["by"] for one in facts if "by" in one} | openers, by=by)
        self.seen = {kind: self._seen(kind, facts) for kind in SEEN}
        self.sessions = self._sessions()
        self.hidden = self._hidden(_ids(one.get("interaction") for one in facts))

    def gone(self, facts: Mapping[str, Any]) -> bool:
        kind, pk = facts.get("about") or ("", "")
        return kind in SEEN and pk not in self.seen[kind]

    def told(self, facts: Mapping[str, Any]) -> Told:
        kind, pk = facts.get("about") or ("", "")
        opener = str(facts.get("opened_by", ""))
        return Told(
            facts,
            who=self.names.get(facts.get("by", ""), ""),
            opener=self.names.get(f"member:{opener}", ""),
            own=opener == str(self.by.pk),
            session=self.sessions.get(pk, "") if kind == "session" else "",
            hidden=facts.get("interaction") in self.hidden,
        )

    def _seen(self, kind: str, facts: Sequence[Mapping[str, Any]]) -> set[str]:
        about = [one["about"] for one in facts if one.get("about")]
        ids = _ids(pk for name, pk in about if name == kind)
        rows = SEEN[kind](self.by).filter(pk__in=ids)
        return {str(pk) for pk in rows.values_list("pk", flat=True)} if ids else set()

    def _sessions(self) -> dict[str, str]:
        if not self.seen["session"]:
            return {}
        rows = Session.objects.visible_to(self.by).filter(pk__in=self.seen["session"])
        return {str(pk): name for pk, name in rows.values_list("pk", "name")}

    def _hidden(self, ids: set[UUID]) -> set[str]:
        """What the reader has still to judge for themself: no notice tells what others found."""
        if not ids or self.by.role == Role.AGENT:
            return set()
        rows = Interaction.objects.visible_to(self.by).filter(pk__in=ids)
        found = rows.filter(hidden_on_own_page(self.by)).values_list("pk", flat=True)
        return {str(pk) for pk in found}


def _ids(given: Iterable[Any]) -> set[UUID]:
    return {UUID(str(pk)) for pk in given if pk}
