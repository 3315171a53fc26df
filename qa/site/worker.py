"""What a worker makes sure of, before and while it works; Celery loads it (CELERY_IMPORTS)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from celery.bootsteps import StartStopStep
from celery.signals import worker_init
from celery.worker.consumer.tasks import Tasks
from django.core.exceptions import ImproperlyConfigured
from kombu.transport.virtual import Message

from qa.celery import app
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


class FirmMessage(Message):
    """A message whose failed acknowledgement is raised, as a lost connection is.

    Kombu only logs it, and counts the message as being worked on for as long as the connection
    lasts: each one takes a slot from the worker, and with the last slot it stops, in silence.
    Raised, it makes the worker connect anew, with all its slots. What the broker never heard of
    comes again, and changes nothing: the row is the job.
    """

    def ack_log_error(self, logger: Any, errors: Any, multiple: bool = False) -> None:
        """Tell the broker that the task is done."""
        self._tell(logger, errors, "ack", partial(self.ack, multiple=multiple))

    def reject_log_error(self, logger: Any, errors: Any, requeue: bool = False) -> None:
        """Hand the task back to the broker."""
        self._tell(logger, errors, "reject", partial(self.reject, requeue=requeue))

    def _tell(self, logger: Any, errors: Any, what: str, tell: Callable[[], None]) -> None:
        if self.channel is None or self.channel.closed:
            return  # the connection it came by was lost: the broker gives it out again by itself
        try:
            tell()
        except errors as error:
            name = type(error).__name__
            logger.critical("Couldn't %s %s: %s", what, self.delivery_tag, name)
            raise


class FirmAcknowledgements(StartStopStep):
    """Lets each connection of the consumer make its messages firm."""

    requires = (Tasks,)

    def start(self, parent: Any) -> None:
        """Begin with a new connection, the first or one after a loss."""
        parent.task_consumer.channel.Message = FirmMessage


app.steps["consumer"].add(FirmAcknowledgements)
