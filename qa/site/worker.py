"""What a worker makes sure of before it takes anything up; Celery loads it (CELERY_IMPORTS)."""

from typing import Any

from celery.signals import worker_init
from django.core.exceptions import ImproperlyConfigured

from qa.site.startup import refuse_unsafe_start


@worker_init.connect
def check_the_database(**kwargs: Any) -> None:
    """A worker refuses to start where the web server would.

    Celery logs what a signal's receiver raises and goes on, so only an exit stops the worker.
    """
    try:
        refuse_unsafe_start()
    except ImproperlyConfigured as error:
        raise SystemExit(f"The worker does not start. {error}") from error
