"""What an interaction is, and why it may not be scored, with the words for it."""

from django.db import models
from django.utils.translation import gettext_lazy


class Channel(models.TextChoices):
    CALL = "call", gettext_lazy("Call")
    EMAIL = "email", gettext_lazy("E-mail")
    CHAT = "chat", gettext_lazy("Chat")
    VIDEO = "video", gettext_lazy("Video")


class Unfit(models.TextChoices):
    """Why an interaction can't be scored fairly (contract.md)."""

    ONE_SIDED = "one_sided", gettext_lazy("Only one side speaks")
    SWAPPED = "roles_swapped_suspected", gettext_lazy("Speakers look swapped")
    UNKNOWN_ROLES = "unknown_roles", gettext_lazy("Customer not identified")
    TOO_SHORT = "too_short", gettext_lazy("Too short to score")
    LANGUAGE = "unsupported_language", gettext_lazy("Language not supported yet")
    AUTOMATED = "automated_only", gettext_lazy("Only automatic messages")
