"""ASGI entry, for servers that want it; Heard itself is served by gunicorn threads."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa.settings")
os.environ["HEARD_PROCESS"] = "web"
application = get_asgi_application()

from qa.site.startup import load_for_good, refuse_unsafe_start  # noqa: E402 (needs Django set up)

refuse_unsafe_start()
load_for_good()
