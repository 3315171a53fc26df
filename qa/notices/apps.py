"""App configuration."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "qa.notices"
    label = "notices"
    verbose_name = "Notices"
