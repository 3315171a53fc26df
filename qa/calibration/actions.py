"""Begin a calibration, submit a reading, open the results, discuss, agree."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.audit import actions as audit
from qa.calibration.models import Agreed, Assignment, Comment, Item, Session
from qa.calibration.notifications import subject_of, tell
from qa.calibration.results import SessionPage
from qa.core.errors import Conflict, Refused
from qa.notices.actions import mark_read_about
from qa.organizations.access import REVIEWERS
from qa.organizations.calendar import calendar_of
from qa.organizations.models import Membership, Role
from qa.reviews import actions as reviews
from qa.reviews.exposure import record_exposure, record_judged
from qa.reviews.models import Embargo, Exposure, Review
from qa.sampling.assignment import ReviewBars
from qa.tenancy.base import System
from scorecards.models import PreScore
from scorecards.publishing import card_for
from transcripts.cast import WITH_AGENTS
from transcripts.models import SCORED, Interaction

READERS: Final = (2, 20)
ITEMS: Final = (1, 20)


@transaction.atomic
def begin(
    *,
    by: Membership,
    name: str,
    interactions: Sequence[UUID],
    members: Collection[UUID],
    due: date | None = None,
) -> Session:
    """Have these members read these conversations blind."""
    if due is not None and due < calendar_of(by).today():
        raise Refused(_("The due date is in the past."))
    found, readers = _conversations(by, interactions), _readers(by, members)
    _refuse_knowing(found, readers, by)
    session = Session.objects.create(
        organization_id=by.organization_id, name=name.strip(), made_by=by, due=due
    )
    prescores = {
        prescore.interaction_id: prescore
        for prescore in PreScore.objects.visible_to(by).current().filter(interaction__in=found)
    }
    items = Item.objects.bulk_create(
        Item(
            organization_id=by.organization_id,
            session=session,
            interaction=interaction,
            prescore=prescores[interaction.pk],
            scorecard_version=card_for(interaction, by=by),
            position=position,
        )
        for position, interaction in enumerate(found, 1)
    )
    _assign(items, readers)
    data = {"interactions": len(found), "readers": len(readers)}
    audit.record(by, "calibration.begun", session, data)
    until = due.isoformat() if due else None
    tell(session, readers, by=by, event="calibration.begun", number=len(found), due=until)
    return session


@transaction.atomic
def submit(review: Review, *, by: Membership, revision: int | None = None) -> Review:
    """One reading is done. After the last one of the session its results open.

    The session is locked first, by whoever closes it too, so that nobody submits to a closed one.
    """
    own = Assignment.objects.visible_to(by).filter(review=review, member=by)
    session = _locked(own.values_list("item__session_id", flat=True).first(), by)
    if session is None or not session.is_reading:
        raise Conflict(_("Scoring has closed, so your answers weren't counted."))
    review = reviews.confirm(review, by=by, revision=revision)
    waiting = Assignment.objects.visible_to(by).filter(
        item__session=session, review__status=Review.Status.OPEN
    )
    if not waiting.exists():
        _open(session, by)
    elif not waiting.filter(member=by).exists():
        mark_read_about(subject_of(session), by=by)
    return review


def lock_session(review: Review, *, by: Membership) -> None:
    """Lock the session of a reading before the reading itself, as whoever closes it does."""
    own = Assignment.objects.visible_to(by).filter(review=review, member=by)
    _locked(own.values_list("item__session_id", flat=True).first(), by)


@transaction.atomic
def close_reading(session: Session, *, by: Membership) -> Session:
    """Open the results though not everybody is done; what is not submitted is no part of them."""
    session = _in_state(session, by, Session.State.READING, _("Scoring is already closed."))
    rows = Assignment.objects.visible_to(by).filter(item__session=session)
    if rows.filter(member=by, review__status=Review.Status.OPEN).exists():
        raise Refused(
            _("Submit your own reviews first. Otherwise you would see everyone else's answers.")
        )
    if not _compared(session, by):
        raise Refused(
            _("There's nothing to compare yet: no conversation has been scored by two people.")
        )
    _open(session, by)
    return session


@transaction.atomic
def call_off(session: Session, *, by: Membership) -> Session:
    """End a session without results, while it is being read."""
    session = _in_state(session, by, Session.State.READING, _("Scoring is already closed."))
    told = _members(session, by)
    _lift_embargo(session, by)
    session.state = Session.State.CALLED_OFF
    session.save(update_fields=["state"])
    audit.record(by, "calibration.called_off", session, {})
    tell(session, told, by=by, event="calibration.called_off")
    return session


@transaction.atomic
def leave(member: Membership, *, by: Membership) -> None:
    """Close what a member who leaves has still to read.

    Where nobody else is left to read, the results open, if there is anything to compare.
    """
    theirs = Assignment.objects.visible_to(by).filter(
        member=member, review__status=Review.Status.OPEN, item__session__state=Session.State.READING
    )
    for pk in sorted(set(theirs.values_list("item__session_id", flat=True))):
        session = _locked(pk, by)
        if session is None or not session.is_reading:
            continue
        _close(theirs.filter(item__session=session), session, by)
        kept = Item.objects.visible_to(by).filter(session=session).values("interaction")
        Embargo.objects.visible_to(by).filter(member=member, interaction__in=kept).delete()
        waiting = Assignment.objects.visible_to(by).filter(
            item__session=session, review__status=Review.Status.OPEN
        )
        if not waiting.exists() and _compared(session, by):
            _open(session, by)


@transaction.atomic
def say(item: Item, *, by: Membership, text: str, target: str = "") -> Comment:
    """Say something in the discussion."""
    _in_state(item.session, by, Session.State.DISCUSSING, _("The discussion is closed."))
    if not text.strip():
        raise Refused(_("Write something first."))
    comment = Comment.objects.create(
        organization_id=by.organization_id, item=item, author=by, target=target, text=text.strip()
    )
    audit.record(by, "calibration.said", comment, {"item": str(item.pk)})
    return comment


@transaction.atomic
def record_consensus(item: Item, *, by: Membership, held: Mapping[str, tuple[str, str]]) -> None:
    """Record what holds of an item: {target: (value, feeling)}; it may change until all is agreed.

    What is not named any more is taken back.
    """
    gone = _("The session is finalised and can't be changed.")
    _in_state(item.session, by, Session.State.DISCUSSING, gone)
    rows = Agreed.objects.visible_to(by).filter(item=item)
    rows.exclude(target__in=held).delete()
    Agreed.objects.bulk_create(
        [
            Agreed(
                organization_id=by.organization_id,
                item=item,
                target=target,
                value=value,
                emotion=emotion,
            )
            for target, (value, emotion) in held.items()
        ],
        update_conflicts=True,
        unique_fields=["item", "target"],
        update_fields=["value", "emotion"],
    )
    audit.record(by, "calibration.held", item, {"parts": len(held)})


@transaction.atomic
def agree(session: Session, *, by: Membership) -> Session:
    """The result is agreed on, for good, once something is recorded of every part."""
    session = _in_state(
        session, by, Session.State.DISCUSSING, _("This session is already finalised.")
    )
    open_parts = SessionPage(session, by=by).open_parts
    if open_parts:
        missing = ngettext(
            "%(n)s agreed answer is still missing.",
            "%(n)s agreed answers are still missing.",
            open_parts,
        )
        raise Refused(missing % {"n": open_parts})
    session.state, session.agreed_by = Session.State.AGREED, by
    session.agreed_at = timezone.now()
    session.save(update_fields=["state", "agreed_by", "agreed_at"])
    rows = Agreed.objects.visible_to(by).filter(item__session=session)
    parts = rows.update(final=True)
    audit.record(by, "calibration.agreed", session, {"parts": parts})
    tell(session, _members(session, by), by=by, event="calibration.agreed")
    return session


def _conversations(by: Membership, ids: Sequence[UUID]) -> list[Interaction]:
    wanted = list(dict.fromkeys(ids))
    if not ITEMS[0] <= len(wanted) <= ITEMS[1]:
        raise Refused(
            _("Choose %(least)s to %(most)s conversations.") % {"least": ITEMS[0], "most": ITEMS[1]}
        )
    rows = Interaction.objects.visible_to(by).select_for_update(of=("self",))
    found = {
        interaction.pk: interaction for interaction in rows.filter(pk__in=wanted).order_by("pk")
    }
    if len(found) < len(wanted):
        raise Refused(_("One of these conversations isn't available."))
    if any(interaction.status not in SCORED for interaction in found.values()):
        raise Refused(_("One of these conversations has no pre-score yet."))
    return [found[pk] for pk in wanted]


def _readers(by: Membership, ids: Collection[UUID]) -> list[Membership]:
    wanted = set(ids)
    if not READERS[0] <= len(wanted) <= READERS[1]:
        raise Refused(
            _("Choose %(least)s to %(most)s reviewers.") % {"least": READERS[0], "most": READERS[1]}
        )
    rows = Membership.objects.visible_to(by).select_related("user").filter(pk__in=wanted)
    found = list(rows.order_by("user__name", "pk"))
    if len(found) < len(wanted):
        raise Refused(_("One of these people isn't a member of this organization."))
    for reader in found:
        if reader.role == Role.AGENT or reader.role not in REVIEWERS:
            raise Refused(_("%(name)s is an agent and can't review.") % {"name": reader.user.name})
        if not reader.user.is_active:
            raise Refused(_("%(name)s can no longer sign in.") % {"name": reader.user.name})
    return found


def _refuse_knowing(
    found: Sequence[Interaction], readers: Sequence[Membership], by: Membership
) -> None:
    """Refuse who would read what they must not review, or what they have been shown already."""
    barred = ReviewBars(readers, by=by)
    prefetch_related_objects(found, WITH_AGENTS)
    for reader in readers:
        if any(barred.own(reader, interaction) for interaction in found):
            raise Refused(
                _("%(name)s can't review their own conversations.") % {"name": reader.user.name}
            )
        if any(barred.excluded(reader, interaction) for interaction in found):
            raise Refused(
                _("%(name)s is excluded from reviewing an agent or team in these conversations.")
                % {"name": reader.user.name}
            )
    names = {reader.pk: reader.user.name for reader in readers}
    # Not visible_to: whoever begins it may not see what others read for another calibration.
    known = Review.objects.filter(organization_id=readers[0].organization_id)
    read = known.filter(interaction__in=found, specialist__in=readers)
    seen = Exposure.objects.visible_to(by).filter(
        interaction__in=found, member__in=readers, read=True
    )
    pairs = [*read.values_list("specialist")[:1], *seen.values_list("member")[:1]]
    if pairs:
        name = names[pairs[0][0]]
        said = _("%(name)s has already seen one of these conversations.") % {"name": name}
        raise Refused(said, code="knows")


def _assign(items: Sequence[Item], readers: Sequence[Membership]) -> None:
    """A blind reading of each item for each member, which waits until they open it."""
    now, pairs = timezone.now(), [(item, reader) for item in items for reader in readers]
    made = Review.objects.bulk_create(
        Review(
            organization_id=item.organization_id,
            kind=Review.Kind.CALIBRATION,
            interaction_id=item.interaction_id,
            prescore_id=item.prescore_id,
            scorecard_version_id=item.scorecard_version_id,
            specialist=reader,
            blind=True,
            lease_until=now,
        )
        for item, reader in pairs
    )
    Assignment.objects.bulk_create(
        Assignment(organization_id=item.organization_id, item=item, member=reader, review=review)
        for (item, reader), review in zip(pairs, made, strict=True)
    )
    Embargo.objects.bulk_create(
        Embargo(
            organization_id=item.organization_id,
            member=reader,
            interaction_id=item.interaction_id,
        )
        for item, reader in pairs
    )


def _locked(pk: UUID | None, by: Membership) -> Session | None:
    """The session as it is now, held until the end of the transaction."""
    if pk is None:
        return None
    rows = Session.objects.visible_to(System(by.organization_id)).filter(pk=pk)
    return rows.select_related("made_by").select_for_update(of=("self",)).first()


def _in_state(session: Session, by: Membership, state: str, else_words: str) -> Session:
    """The session, locked, in this state; else a refusal."""
    found = _locked(session.pk, by)
    if found is None or found.state != state:
        called_off = found is not None and found.state == Session.State.CALLED_OFF
        early = found is not None and found.is_reading
        if called_off:
            raise Conflict(_("This session was cancelled."))
        raise Conflict(_("Scoring is still open in this session.") if early else else_words)
    return found


def _compared(session: Session, by: Membership) -> bool:
    done: dict[UUID, int] = {}
    rows = Assignment.objects.visible_to(by).filter(
        item__session=session, review__status=Review.Status.CONFIRMED
    )
    for item in rows.values_list("item_id", flat=True):
        done[item] = done.get(item, 0) + 1
    return any(number >= READERS[0] for number in done.values())


def _open(session: Session, by: Membership) -> None:
    """The results show from now on."""
    _lift_embargo(session, by)
    session.state, session.opened_at = Session.State.DISCUSSING, timezone.now()
    session.save(update_fields=["state", "opened_at"])
    audit.record(by, "calibration.opened", session, {})
    items = Item.objects.visible_to(by).filter(session=session)
    read = list(items.values_list("interaction", flat=True))
    readers = _members(session, by)
    for reader in readers:
        record_judged(read, by=reader)
    record_exposure(read, by=session.made_by)
    told = {member.pk: member for member in [*readers, session.made_by]}
    tell(session, list(told.values()), by=by, event="calibration.opened")


def _lift_embargo(session: Session, by: Membership) -> None:
    """What is not submitted goes; nothing is kept from those who took part any longer."""
    rows = Assignment.objects.visible_to(by).filter(item__session=session)
    _close(rows, session, by)
    items = Item.objects.visible_to(by).filter(session=session).values("interaction")
    kept = Embargo.objects.visible_to(by).filter(interaction__in=items)
    kept.filter(member__in=rows.values("member")).delete()


def _close(readings: QuerySet[Assignment], session: Session, by: Membership) -> None:
    """Drop what of these readings is not submitted."""
    rows = readings.filter(review__status=Review.Status.OPEN)
    left = list(rows.values_list("review_id", flat=True))
    Assignment.objects.visible_to(by).filter(review__in=left).update(review=None)
    drafts = Review.objects.visible_to(System(by.organization_id)).open().filter(pk__in=left)
    for draft in drafts:
        audit.record(by, "calibration.not_read", draft, {"session": str(session.pk)})
    drafts.delete()


def _members(session: Session, by: Membership) -> list[Membership]:
    ids = Assignment.objects.visible_to(by).filter(item__session=session).values("member")
    return list(Membership.objects.visible_to(by).filter(pk__in=ids))
