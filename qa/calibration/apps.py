"""App configuration."""

from django.apps import AppConfig


class CalibrationConfig(AppConfig):
    name = "qa.calibration"
    label = "calibration"
    verbose_name = "Calibration"
