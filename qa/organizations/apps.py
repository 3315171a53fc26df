"""App configuration."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "qa.organizations"
    label = "organizations"
    verbose_name = "Organizations"
