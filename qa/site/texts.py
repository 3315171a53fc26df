"""The texts that scripts show, in the language of the page that loads them."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.i18n import JavaScriptCatalog

_catalogue = JavaScriptCatalog.as_view()


@login_not_required
@cache_control(public=True, max_age=86_400)
def texts(request: HttpRequest) -> HttpResponseBase:
    """`gettext` and `ngettext` for scripts. The address names language and version, so that a
    browser may keep it; an unknown language is English."""
    language = request.GET.get("language", "")
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with override(known):
        response: HttpResponseBase = _catalogue(request)
        return response
