"""App configuration."""

from django.apps import AppConfig


class FirstStepsConfig(AppConfig):
    name = "qa.first_steps"
    label = "first_steps"
    verbose_name = "First steps"
