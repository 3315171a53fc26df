"""The site itself: pipeline, pages and start-up checks."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "qa"
    label = "site"
    verbose_name = "Heard"

    def ready(self) -> None:
        from functools import partial

        from django.utils.formats import number_format
        from django.utils.translation import gettext, ngettext

        from qa.core import texts
        from qa.site import checks  # noqa: F401 (registers the checks)

        texts.translate_by(gettext, ngettext, partial(number_format, force_grouping=True))
