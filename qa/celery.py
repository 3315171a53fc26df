"""The Celery application: `celery -A qa worker`."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa.settings")

app = Celery("heard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ("qa.pipeline",)


@worker_init.connect
def check_the_database(**kwargs: Any) -> None:
    """A worker refuses to start on an unsafe database, like the web server."""
    from qa.startup import refuse_unsafe_database

    refuse_unsafe_database()
