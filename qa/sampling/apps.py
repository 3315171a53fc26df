"""App configuration."""

from django.apps import AppConfig


class SamplingConfig(AppConfig):
    name = "qa.sampling"
    label = "sampling"
    verbose_name = "Sampling"
