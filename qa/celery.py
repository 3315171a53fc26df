"""The Celery application: `celery -A qa worker`."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa.settings")

app = Celery("heard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ("qa.tasks",)


@worker_init.connect
def check_the_database(**kwargs: Any) -> None:
    """A worker refuses to start where the web server would.

    Celery logs what a signal's receiver raises and goes on, so only an exit stops the worker.
    """
    from qa.site.startup import refuse_unsafe_start  # noqa: PLC0415 (needs Django set up)

    try:
        refuse_unsafe_start()
    except ImproperlyConfigured as error:
        raise SystemExit(f"The worker does not start. {error}") from error
