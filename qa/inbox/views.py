"""A member's notices: read them, and go where they lead."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa.inbox import digests, pages, reading
from qa.inbox.forms import DigestForm
from qa.notices import actions
from qa.notices.models import Notice
from qa.organizations.access import EVERYONE, MemberRequest, membership_required


@require_GET
@membership_required(*EVERYONE)
def notices(request: MemberRequest) -> HttpResponse:
    """What concerns this member: what is new first, then the rest."""
    page = pages.listed(request.membership, request.GET)
    context = {
        "page": page,
        "days": pages.by_day(page.rows),
        "chips": pages.chips(request.membership, request.GET),
        "until": timezone.now().isoformat(),
    }
    return render(request, "notices/notices.html", context)


@require_POST
@membership_required(*EVERYONE)
def open_notice(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a notice as read, and go to its page, if that is still there for this member."""
    by = request.membership
    notice = get_object_or_404(Notice.objects.visible_to(by), pk=pk)
    actions.mark_read(by=by, notice=notice)
    (line,) = reading.read([notice], by=by)
    if line.gone:
        messages.info(request, _("That is no longer there, or no longer yours to see."))
        return redirect("notices", slug=by.organization.slug)
    return redirect(line.address)


@require_POST
@membership_required(*EVERYONE)
def read_all(request: MemberRequest) -> HttpResponse:
    """Take as read all that the page could show; what came since stays new."""
    until = pages.moment_of(request.POST.get("until", ""))
    actions.mark_read(by=request.membership, until=until)
    messages.success(request, _("All notices are marked as read."))
    return redirect("notices", slug=request.membership.organization.slug)


@require_http_methods(["GET", "POST"])
@membership_required(*EVERYONE)
def settings_page(request: MemberRequest) -> HttpResponse:
    """Whether and how often this member gets a digest by e-mail."""
    by = request.membership
    form = DigestForm(
        request.POST or None,
        initial={"digest": digests.chosen_by(by)},
        first_weekday=by.organization.week_start,
    )
    if form.is_valid():
        digests.choose_digest(form.cleaned_data["digest"], by=by)
        messages.success(request, _("Saved."))
        return redirect("notices-settings", slug=by.organization.slug)
    context = {"form": form, "mail_is_on": settings.DIGESTS}
    status = 422 if form.errors else 200
    return render(request, "notices/settings.html", context, status=status)
