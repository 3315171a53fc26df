"""App configuration."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "qa.dashboards"
    label = "dashboards"
    verbose_name = "Dashboards"
