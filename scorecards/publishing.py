"""Scorecards change: created, drafted, published, put to use, put away. Each act is audited.

A draft has a revision, so that the second tab is told. A published version never changes.
"""

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.audit import actions as audit
from qa.core.errors import Conflict, DomainError, Gone, Refused
from qa.tenancy.base import Actor, System
from scorecards import card
from scorecards.models import Scorecard, ScorecardVersion
from transcripts.models import Channel, Interaction

NAME_TAKEN = gettext_lazy("A scorecard with this name already exists.")
CHANGED = gettext_lazy(
    "This scorecard was changed in another tab or by someone else, so your changes weren't saved. "
    "Open it again to see the latest version."
)


def card_for(interaction: Interaction, *, by: Actor) -> ScorecardVersion:
    """The version that a new review of this interaction uses: its channel's card, else the general.

    Only what is published counts. The first need makes the two starter cards.
    """
    ensure_starters(by=by)
    cards = Scorecard.objects.visible_to(by).in_use()
    versions = ScorecardVersion.objects.visible_to(by).order_by("-number")
    own = versions.filter(
        scorecard__in=cards.filter(channels__contains=[interaction.channel])
    ).first()
    return own or versions.filter(scorecard__in=cards.filter(general=True))[0]


@transaction.atomic
def ensure_starters(*, by: Actor) -> None:
    """Make the starter cards where there are not as many cards yet; no card ever goes again."""
    cards = Scorecard.objects.visible_to(by)
    if cards.count() >= len(card.STARTERS):
        return
    for body in (card.GENERAL, card.EMPATHY):
        first = body is card.EMPATHY and not cards.filter(general=True).exists()
        made, new = cards.get_or_create(
            organization_id=by.organization_id, name=body["name"], defaults={"general": first}
        )
        if new:
            _keep_version(made, body, by=System(by.organization_id))


@transaction.atomic
def create_card(*, by: Actor, name: str, start: str = "") -> Scorecard:
    """A new card in draft: empty, or as one of the starter cards is."""
    body = card.STARTERS.get(start, card.EMPTY)
    made = _insert(by, name, body)
    audit.record(by, "scorecard.created", made, {"start": start})
    return made


@transaction.atomic
def duplicate_card(scorecard: Scorecard, *, by: Actor) -> Scorecard:
    """A copy in draft, with its own name and used for nothing yet."""
    taken = set(Scorecard.objects.visible_to(by).values_list("name", flat=True))
    names = (f"{scorecard.name[:180]} (copy {n})" for n in range(1, len(taken) + 2))
    made = _insert(by, next(name for name in names if name not in taken), body_of(scorecard, by=by))
    audit.record(by, "scorecard.duplicated", made, {"from": str(scorecard.pk)})
    return made


@transaction.atomic
def save_draft(
    scorecard: Scorecard, *, by: Actor, revision: int, name: str, body: dict[str, Any]
) -> Scorecard:
    """Keep what will be the next version. It may be unfinished, but not malformed."""
    body = {**body, "name": name}
    faults = card.shape_faults(body)
    if not name.strip():
        raise Refused(_("Give the scorecard a name."))
    if faults:
        raise Refused(_("This scorecard can't be saved yet."), faults=faults)
    fresh = _claim(scorecard, by, revision)
    fresh.draft, fresh.name = body, name.strip()
    _save(fresh, "draft", "name")
    audit.record(by, "scorecard.drafted", fresh, {"revision": fresh.revision})
    return fresh


@transaction.atomic
def discard_draft(scorecard: Scorecard, *, by: Actor, revision: int) -> Scorecard:
    """Go back to the newest published version."""
    fresh = _claim(scorecard, by, revision)
    newest = newest_of(fresh, by=by)
    if newest is None:
        raise Refused(_("This scorecard was never published, so its draft can't be discarded."))
    fresh.draft, fresh.name = None, newest.body["name"]
    _save(fresh, "draft", "name")
    audit.record(by, "scorecard.draft_discarded", fresh, {})
    return fresh


@transaction.atomic
def publish(scorecard: Scorecard, *, by: Actor, revision: int) -> ScorecardVersion:
    """Make the draft the next version. New reviews use it; those under way keep theirs."""
    fresh = _claim(scorecard, by, revision)
    newest = newest_of(fresh, by=by)
    faults = card.publish_faults(fresh.draft) if fresh.draft is not None else []
    if faults:
        raise Refused(_("This scorecard can't be published yet."), faults=faults)
    if fresh.draft is None or (newest and is_same(newest.body, fresh.draft)):
        raise Refused(_("Nothing has changed since the last version."))
    version = _keep_version(fresh, fresh.draft, by=by)
    fresh.draft = None
    _save(fresh, "draft")
    return version


@transaction.atomic
def use_for(
    scorecard: Scorecard, *, by: Actor, general: bool, channels: Collection[str]
) -> Scorecard:
    """Say which new reviews use this card; what it takes over, the others give up."""
    cards = {row.pk: row for row in _locked(by)}
    fresh = cards.pop(scorecard.pk, None)
    if fresh is None:
        raise Gone(_("This scorecard no longer exists."))
    wanted = sorted(set(channels) & set(Channel.values))
    if fresh.archived:
        raise Refused(_("This scorecard is archived. Restore it first."))
    if (general or wanted) and newest_of(fresh, by=by) is None:
        raise Refused(_("Publish this scorecard first. Reviews only use published versions."))
    if fresh.general and not general:
        raise Refused(
            _("This is the default for all other channels. Make another one the default first.")
        )
    for other in cards.values():
        _give_up(other, general=general, channels=wanted)
    before = {"general": fresh.general, "channels": fresh.channels}
    fresh.general, fresh.channels = general, wanted
    fresh.save(update_fields=["general", "channels"])
    told = audit.changes(before, {"general": general, "channels": wanted})
    audit.record(by, "scorecard.used_for", fresh, told)
    return fresh


@transaction.atomic
def archive(scorecard: Scorecard, *, by: Actor) -> Scorecard:
    """Put a card away: new reviews no longer use it, what was scored on it stays."""
    fresh = next((row for row in _locked(by) if row.pk == scorecard.pk), None)
    if fresh is None:
        raise Gone(_("This scorecard no longer exists."))
    if fresh.general:
        raise Refused(
            _("This is the default for all other channels. Make another one the default first.")
        )
    if fresh.archived:
        raise Conflict(_("This scorecard is already archived."))
    fresh.archived, fresh.channels = True, []
    fresh.save(update_fields=["archived", "channels"])
    audit.record(by, "scorecard.archived", fresh, {})
    return fresh


@transaction.atomic
def restore(scorecard: Scorecard, *, by: Actor) -> Scorecard:
    """Bring a card back; say then what it is used for."""
    if (
        not Scorecard.objects.visible_to(by)
        .filter(pk=scorecard.pk, archived=True)
        .update(archived=False)
    ):
        raise Conflict(_("This scorecard isn't archived."))
    scorecard.refresh_from_db()
    audit.record(by, "scorecard.restored", scorecard, {})
    return scorecard


def newest_of(scorecard: Scorecard, *, by: Actor) -> ScorecardVersion | None:
    """The newest published version."""
    versions = ScorecardVersion.objects.visible_to(by).filter(scorecard=scorecard)
    return versions.order_by("-number").first()


def body_of(scorecard: Scorecard, *, by: Actor) -> dict[str, Any]:
    """What is edited: the draft, else the newest version."""
    if scorecard.draft is not None:
        return dict(scorecard.draft)
    newest = newest_of(scorecard, by=by)
    return dict(newest.body) if newest else dict(card.EMPTY)


def is_same(body: dict[str, Any], other: dict[str, Any]) -> bool:
    """True if two bodies ask and score the same, however they are written."""
    return card.read(body) == card.read(other)


def _insert(by: Actor, name: str, body: dict[str, Any]) -> Scorecard:
    name = name.strip()
    if not name:
        raise Refused(_("Give the scorecard a name."))
    try:
        with transaction.atomic():
            return Scorecard.objects.create(
                organization_id=by.organization_id, name=name, draft={**body, "name": name}
            )
    except IntegrityError:
        raise Conflict(str(NAME_TAKEN)) from None


def _claim(scorecard: Scorecard, by: Actor, revision: int) -> Scorecard:
    """The right to change the draft: it is as the caller has seen it."""
    mine = Scorecard.objects.visible_to(by).filter(pk=scorecard.pk, archived=False)
    if not mine.filter(revision=revision).update(revision=F("revision") + 1):
        raise _why_not(scorecard, by)
    return Scorecard.objects.visible_to(by).get(pk=scorecard.pk)


def _why_not(scorecard: Scorecard, by: Actor) -> DomainError:
    now = Scorecard.objects.visible_to(by).filter(pk=scorecard.pk).first()
    if now is not None and now.archived:
        return Conflict(_("This scorecard is archived. Restore it first."))
    return Conflict(str(CHANGED))


def _save(scorecard: Scorecard, *fields: str) -> None:
    try:
        with transaction.atomic():
            scorecard.save(update_fields=fields)
    except IntegrityError:
        raise Conflict(str(NAME_TAKEN)) from None


def _keep_version(scorecard: Scorecard, body: dict[str, Any], *, by: Actor) -> ScorecardVersion:
    newest = newest_of(scorecard, by=by)
    version = ScorecardVersion.objects.create(
        organization_id=scorecard.organization_id,
        scorecard=scorecard,
        number=newest.number + 1 if newest else 1,
        body=body,
    )
    audit.record(by, "scorecard.published", scorecard, {"number": version.number})
    return version


def _locked(by: Actor) -> list[Scorecard]:
    """Every card of the organization, so that no two are given the same use at once."""
    return list(Scorecard.objects.visible_to(by).select_for_update().order_by("id"))


def _give_up(other: Scorecard, *, general: bool, channels: Collection[str]) -> None:
    kept = [channel for channel in other.channels if channel not in channels]
    if (other.general and general) or kept != other.channels:
        other.general, other.channels = other.general and not general, kept
        other.save(update_fields=["general", "channels"])
