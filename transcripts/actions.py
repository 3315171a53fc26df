"""Changes to uploads and interactions, once they are here."""

import json
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Conflict
from qa.tenancy.base import Actor
from transcripts.formats import Pushed
from transcripts.models import Interaction, Participation, Transcript, Upload
from transcripts.rows import keep_agents, prepare

# Every column of an interaction stands in one of these two.
REPLACED: Final = (
    "source",
    "external_id",
    "content_hash",
    "channel",
    "started_at",
    "started_at_known",
    "duration_s",
    "language",
    "subject",
    "agent_id",
    "team_id",
    "customer_external_id",
    "customer_name",
    "metadata",
    "redacted",
    "turn_count",
    "received_from",
    "status",
    "attempts",
    "failure",
)
KEPT: Final = (
    "id",
    "organization_id",
    "received_at",
    "rung_at",
    "file_id",
    "revision",  # rises
)


def open_upload(*, by: Actor) -> Upload:
    """Open a new bundle for files that come in together."""
    return Upload.objects.create(organization_id=by.organization_id, created_by=by.actor_label)


@transaction.atomic
def replace(pushed: Pushed, *, by: Actor, interaction_id: UUID) -> Interaction:
    """Put new content in the place of what a source sent before; never under a confirmed review."""
    interaction = Interaction.objects.visible_to(by).select_for_update().get(pk=interaction_id)
    if interaction.status == Interaction.Status.REVIEWED:
        raise Conflict(_("This conversation has been reviewed, so its content can't be replaced."))
    (rows,) = prepare([pushed], by=by)
    (row,) = rows
    keep_agents(rows, by=by)
    for column in REPLACED:
        setattr(interaction, column, row.columns[column])
    interaction.revision += 1
    interaction.save(update_fields=[*REPLACED, "revision"])
    Transcript.objects.visible_to(by).filter(interaction=interaction).update(
        turns=json.loads(row.turns)
    )
    Participation.objects.visible_to(by).filter(interaction=interaction).delete()
    Participation.objects.bulk_create(
        Participation(organization_id=by.organization_id, interaction=interaction, **part)
        for part in row.parts
    )
    audit.record(by, "interaction.replaced", interaction, {})
    return interaction
