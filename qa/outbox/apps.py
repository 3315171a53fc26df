"""App configuration."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "qa.outbox"
    label = "outbox"
    verbose_name = "Outbox"
