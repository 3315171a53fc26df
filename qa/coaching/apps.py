"""App configuration."""

from django.apps import AppConfig


class CoachingConfig(AppConfig):
    name = "qa.coaching"
    label = "coaching"
    verbose_name = "Coaching"
