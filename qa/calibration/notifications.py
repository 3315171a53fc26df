"""Tell members about a session."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from qa.calibration.models import Session
from qa.notices.actions import notify
from qa.notices.models import Notice
from qa.organizations.models import Membership


def address_of(session: Session, by: Membership) -> str:
    """The address of a session's page."""
    return reverse("calibration", kwargs={"slug": by.organization.slug, "pk": session.pk})


def subject_of(session: Session) -> str:
    """What a notice is about: the session as it stands."""
    return f"{session.pk}:{session.state}"


def tell(
    session: Session, to: Iterable[Membership], *, by: Membership, event: str, **facts: Any
) -> None:
    """One notice to each."""
    about = {"event": event, "about": ["session", str(session.pk)]}
    notify(
        to,
        by=by,
        kind=Notice.Kind.CALIBRATION,
        subject=subject_of(session),
        facts=about | facts,
        address=address_of(session, by),
    )
