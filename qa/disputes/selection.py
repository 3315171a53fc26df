"""The sampling rule that looks at disputes; `apps.py` hands it to sampling, which lies below."""

from django.db.models import DurationField, Exists, ExpressionWrapper, OuterRef

from qa.disputes.models import Dispute
from qa.sampling.models import Rule
from qa.sampling.selection import days_of
from qa.tenancy.base import Actor
from transcripts.models import InteractionQuerySet


def of_disputed_agents(rows: InteractionQuerySet, rule: Rule, by: Actor) -> InteractionQuerySet:
    """Keep those of an agent who disputed a review in so many days before they arrived."""
    since = ExpressionWrapper(OuterRef("received_at") - days_of(rule), output_field=DurationField())
    disputed = Dispute.objects.visible_to(by).filter(
        review__interaction__agent=OuterRef("agent"),
        opened_at__lte=OuterRef("received_at"),
        opened_at__gt=since,
    )
    return rows.filter(Exists(disputed))
