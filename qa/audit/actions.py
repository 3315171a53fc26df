"""Write the audit trail, and prove that nobody has touched it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.utils import timezone

from qa.audit.models import AuditEvent
from qa.tenancy import locks
from qa.tenancy.base import Actor

GENESIS = "0" * 64


def record(by: Actor, action: str, target: models.Model, data: dict[str, Any]) -> AuditEvent:
    """Append one event in the caller's transaction. `data` holds ids and values, never text.

    Writers of one organization queue here until their transactions end, so that
    the chain has one order.
    """
    locks.acquire("audit", by=by)
    last = AuditEvent.objects.visible_to(by).order_by("-number").first()
    event = AuditEvent(
        organization_id=by.organization_id,
        number=last.number + 1 if last else 1,
        at=timezone.now(),
        actor=by.actor_label,
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        data=data,
        previous_hash=last.hash if last else GENESIS,
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    return event


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What differs, as the data of an event: {"changes": {"threshold": [0.6, 0.7]}}."""
    differing = {
        name: [_plain(before.get(name)), _plain(value)]
        for name, value in after.items()
        if _plain(before.get(name)) != _plain(value)
    }
    return {"changes": differing}


def _plain(value: Any) -> Any:
    """A value as JSON keeps it; of a row its id."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set):
        return sorted(str(one) for one in value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def digest(event: AuditEvent) -> str:
    """SHA-256 over the previous hash and the event's canonical JSON (sorted keys, UTC)."""
    body = {
        "organization": str(event.organization_id),
        "number": event.number,
        "at": _utc(event.at),
        "actor": event.actor,
        "action": event.action,
        "target": [event.target_type, event.target_id],
        "data": event.data,
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{event.previous_hash}{text}".encode()).hexdigest()


def first_broken(events: Iterable[AuditEvent]) -> int | None:
    """The number of the first event that does not follow from the one before; None if all do."""
    previous = GENESIS
    for number, event in enumerate(events, start=1):
        if event.number != number or event.previous_hash != previous or event.hash != digest(event):
            return number
        previous = event.hash
    return None


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
