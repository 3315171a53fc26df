"""App configuration."""

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "qa.disputes"
    label = "disputes"
    verbose_name = "Disputes"
