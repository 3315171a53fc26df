"""Who may: a stranger gets 404, a wrong role 403, and the transaction gets its tenant."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache

from qa.organizations.models import Membership, Role, User
from qa.organizations.reading import speak_to
from qa.tenancy.context import signed_in, tenant

REVIEWERS = (Role.SPECIALIST, Role.MANAGER, Role.ADMIN)
MANAGERS = (Role.MANAGER, Role.ADMIN)
ADMINS = (Role.ADMIN,)
EVERYONE = tuple(Role)
SEEN_EVERY = timedelta(minutes=15)

Answer = TypeVar("Answer", bound=HttpResponseBase)


class MemberRequest(HttpRequest):
    """A request that `membership_required` has let through."""

    htmx: Any  # true for requests of htmx, see django_htmx.middleware
    membership: Membership
    user: User


def name_at_sign_in(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Whose failed sign-ins these are: one person's, in whatever case the address is written."""
    given = credentials if credentials is not None else request.POST
    return str(given.get("username") or given.get("email") or "").strip().upper()


def memberships_of(user: User) -> list[Membership]:
    """Every membership of this person, oldest first."""
    with signed_in(user.id):
        return list(Membership.objects.of_user(user).order_by("id"))


def membership_in(user: User, slug: str) -> Membership:
    """This person's membership in the organization with this slug; 404 if there is none."""
    with signed_in(user.id):
        found = Membership.objects.of_user(user).filter(organization__slug=slug).first()
    if found is None:
        raise Http404("No such organization.")
    return found


def membership_required(*roles: Role) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Open a member's page: `/o/<slug>/…`, for these roles, in one transaction with its tenant set.

    The view gets `request.membership`. The transaction is rolled back if the view raises.
    """

    def decorate(view: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(view)
        def inner(request: Any, slug: str, *args: Any, **kwargs: Any) -> Answer:
            membership = membership_in(request.user, slug)
            request.membership = membership  # the page that refuses shows the member's menu too
            speak_to(membership.user, membership.organization)
            if membership.role not in roles:
                raise PermissionDenied
            _ = request.POST  # to its end, before the transaction: its sender may be slow
            note_seen(membership)
            with tenant(membership.organization_id):
                if request.method not in ("GET", "HEAD"):
                    keep_from_ending(membership)
                return view(request, *args, **kwargs)

        inner.roles = roles  # type: ignore[attr-defined]  # read by the route walk
        return never_cache(inner)

    return decorate


def note_seen(membership: Membership) -> None:
    """Remember when a member was last here, once in a quarter of an hour at most.

    Whoever comes while another request notes it goes on: one of them is enough.
    """
    now, seen = timezone.now(), membership.last_seen_at
    if seen is not None and now - seen <= SEEN_EVERY:
        return
    with tenant(membership.organization_id):
        mine = Membership.objects.visible_to(membership).filter(pk=membership.pk)
        due = mine.filter(Q(last_seen_at=None) | Q(last_seen_at__lt=now - SEEN_EVERY))
        if due.select_for_update(of=("self",), no_key=True, skip_locked=True).first():
            mine.update(last_seen_at=now)


def keep_from_ending(membership: Membership) -> None:
    """Keep a membership from ending until this transaction does; 404 if it has ended just now.

    Whoever removes a member waits for what that member is doing, and takes that back too. It
    conflicts with nothing else, and is the first lock of all (see reviews/leases.py).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM organizations_membership "
            "WHERE id = %s AND ended_at IS NULL FOR KEY SHARE",
            [membership.pk],
        )
        if cursor.fetchone() is None:
            raise Http404("No such organization.")
