"""Why a page can't show anything yet, and the one thing to do: for the menu and for the page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from qa.first_steps.facts import Facts
from qa.organizations.access import MANAGERS, REVIEWERS
from qa.organizations.models import Membership, Role


@dataclass(frozen=True, slots=True)
class NotYet:
    """A page has nothing to show: why, in words, and where that can be changed by this member."""

    words: str
    url: str = ""
    action: str = ""


def not_yet(membership: Membership, facts: Facts) -> dict[str, NotYet]:
    """Every page (by the name of its address) that can't show anything yet, and its next step."""
    told = {page: reason(membership, facts) for page, reason in REASONS.items()}
    return {page: reason for page, reason in told.items() if reason}


def may_try_samples(membership: Membership, facts: Facts) -> bool:
    """True if this member may bring in samples, and nothing else is here yet."""
    return membership.role in MANAGERS and not facts.conversations


Why = Callable[[Membership, Facts], NotYet | None]


def _scored(words: Callable[[], str]) -> Why:
    """Needs a conversation with a pre-score."""

    def why(by: Membership, facts: Facts) -> NotYet | None:
        if facts.scored:
            return None
        if facts.conversations:
            return NotYet(_("The conversations that have arrived are being pre-scored."))
        return _to_upload(by, words())

    return why


def _conversations(by: Membership, facts: Facts) -> NotYet | None:
    if facts.conversations:
        return None
    return _to_upload(by, _("Nothing here until transcripts have come in."))


def _reviewed(words: Callable[[], str]) -> Why:
    """Needs a submitted review."""

    def why(by: Membership, facts: Facts) -> NotYet | None:
        if facts.reviewed:
            return None
        if not facts.scored:
            return _to_upload(by, words())
        if by.role not in REVIEWERS:
            return NotYet(words())
        return NotYet(words(), _address("queue", by), _("Open the queue"))

    return why


def _calibration(by: Membership, facts: Facts) -> NotYet | None:
    if not facts.scored:
        return _to_upload(
            by, _("A calibration needs conversations to score, and none are here yet.")
        )
    if facts.colleagues:
        return None
    words = _("A calibration needs at least two reviewers, and you are the only one.")
    if by.role != Role.ADMIN:
        return NotYet(words)
    return NotYet(words, _address("settings-invite", by), _("Invite a reviewer"))


def _agreement(by: Membership, facts: Facts) -> NotYet | None:
    if facts.blind:
        return None
    words = _("Agreement is measured on blind reviews, and there are none yet.")
    if not facts.scored:
        return _to_upload(by, words)
    if by.role not in MANAGERS:
        return NotYet(words)
    return NotYet(words, _address("agreement-policy", by), _("Choose how many reviews are blind"))


def _to_upload(by: Membership, words: str) -> NotYet:
    if by.role not in REVIEWERS:
        return NotYet(words)
    return NotYet(words, _address("upload", by), _("Upload transcripts"))


def _address(name: str, by: Membership) -> str:
    return reverse(name, kwargs={"slug": by.organization.slug})


REASONS: dict[str, Why] = {
    "queue": _scored(lambda: _("Nothing to review until transcripts have come in.")),
    "dashboard": _scored(lambda: _("No figures until transcripts have come in.")),
    "moments": _scored(lambda: _("No moments until transcripts have come in.")),
    "interactions": _conversations,
    "disputes": _reviewed(lambda: _("Agents dispute reviews, and there are none yet.")),
    "acknowledgements": _reviewed(lambda: _("Agents acknowledge reviews, and there are none yet.")),
    "calibrations": _calibration,
    "agreement": _agreement,
}
