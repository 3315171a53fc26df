"""WSGI entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa.settings")
application = get_wsgi_application()

from qa.startup import refuse_unsafe_start  # noqa: E402 (needs Django set up)

refuse_unsafe_start()
