"""`manage.py worker_health`: does the worker of this host answer, and does work get done?

For the health check of a container or a supervisor; ends with status 1 if not.
"""

import socket
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from redis import RedisError

from qa import heartbeat
from qa.site.readiness import answers


class Command(BaseCommand):
    help = "Ends with status 1 if this host's worker does not answer, or no work gets done."

    def handle(self, *args: Any, **options: Any) -> None:
        name = f"celery@{socket.gethostname()}"
        if not answers([name]):
            raise CommandError(f"{name} does not answer.")
        try:
            noted = heartbeat.read()
        except RedisError:
            raise CommandError("The broker does not answer.") from None
        if noted.is_stuck:
            minutes = int(noted.oldest_waiting_s or 0) // 60
            raise CommandError(f"Work has waited for {minutes} minutes, and none was finished.")
        self.stdout.write("ok")
