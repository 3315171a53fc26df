"""App configuration."""

from django.apps import AppConfig


class AgreementConfig(AppConfig):
    name = "qa.agreement"
    label = "agreement"
    verbose_name = "Agreement"
