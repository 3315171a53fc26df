"""The Celery application: `celery -A qa worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa.settings")

app = Celery("heard")
app.config_from_object("django.conf:settings", namespace="CELERY")
