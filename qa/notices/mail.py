"""The way to the mail server."""

import logging
from contextlib import suppress
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMessage, get_connection

logger = logging.getLogger(__name__)


class MailConnection:
    """A connection to the mail server, opened when it is needed and anew after a fault."""

    def __init__(self) -> None:
        self.server: Any = None

    def reach(self) -> bool:
        """Return True if the server answers."""
        if self.server is not None:
            return True
        server = get_connection()
        try:
            server.open()
        except (SMTPException, OSError) as error:
            logger.warning("mail server unreachable error=%s", type(error).__name__)
            return False
        self.server = server
        return True

    def send(self, message: EmailMessage) -> None:
        """Hand a mail over; whatever goes wrong is raised."""
        self.server.send_messages([message])

    def close(self) -> None:
        """Hang up; a connection that is broken already is no matter."""
        server, self.server = self.server, None
        if server is not None:
            with suppress(SMTPException, OSError):
                server.close()
