"""What members and API keys may do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member may do; see access.py."""

    AGENT = "agent", _("Agent")
    SPECIALIST = "specialist", _("Specialist")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Admin")


class Scope(models.TextChoices):
    """What an API key may do (contract.md)."""

    INTERACTIONS_WRITE = "interactions:write", _("Send conversations")
    INTERACTIONS_READ = "interactions:read", _("Read conversations and pre-scores")
    REVIEWS_READ = "reviews:read", _("Read reviews")
    REVIEWS_WRITE = "reviews:write", _("Write reviews")
    METRICS_READ = "metrics:read", _("Read metrics")
    SAMPLING_WRITE = "sampling:write", _("Manage sampling rules")
    WEBHOOKS_WRITE = "webhooks:write", _("Manage webhooks")


# What a new key can be given: the API has calls for nothing else yet.
GIVEN = (
    Scope.INTERACTIONS_WRITE,
    Scope.INTERACTIONS_READ,
    Scope.REVIEWS_READ,
    Scope.SAMPLING_WRITE,
)
