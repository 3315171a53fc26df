"""WSGI entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa.settings")
os.environ["HEARD_PROCESS"] = "web"
site = get_wsgi_application()

from qa.core.drain_body import drain_unread_body  # noqa: E402
from qa.site.startup import load_for_good, refuse_unsafe_start  # noqa: E402 (needs Django set up)

refuse_unsafe_start()
load_for_good()
application = drain_unread_body(site)
