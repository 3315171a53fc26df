"""Filters of a list that members keep under a name: of all interactions, or of the queue."""

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Refused
from qa.interactions.filters import InteractionsForm
from qa.organizations.models import Membership, Role
from qa.reviews.forms import QueueForm
from transcripts.models import SavedView

MOST = 50  # of one member


@transaction.atomic
def keep(
    *, by: Membership, name: str, query: str, shared: bool = False, of: str = "interactions"
) -> SavedView:
    """Keep these filters under a name; the same name again takes their place.

    Only managers share a view with everyone.
    """
    if shared and by.role not in {Role.MANAGER, Role.ADMIN}:
        raise Refused(_("Only managers can share a view with everyone."))
    filters = _known(query, by, of)
    if not filters:
        raise Refused(_("Set some filters first: a view without filters is just the whole list."))
    own = SavedView.objects.visible_to(by).filter(owner=by, of=of)
    if own.exclude(name=name).count() >= MOST:
        raise Refused(
            _("You already have %(most)s saved views. Remove one first.") % {"most": MOST}
        )
    view = own.filter(name=name).first()
    view = view or SavedView(organization_id=by.organization_id, owner=by, of=of, name=name)
    view.query, view.shared = filters, shared
    view.save()
    audit.record(by, "view.kept", view, {"shared": shared})
    return view


@transaction.atomic
def remove(view: SavedView, *, by: Membership) -> None:
    """Forget a view of one's own; managers may also take back what was shared."""
    if view.owner_id != by.pk and by.role not in {Role.MANAGER, Role.ADMIN}:
        raise Refused(_("Only the person who saved a view, or a manager, can remove it."))
    audit.record(by, "view.removed", view, {})
    view.delete()


def _known(query: str, by: Membership, of: str) -> str:
    """The filters of an address that are known and valid, in one order, and how it is sorted."""
    given = QueryDict(query)
    form = QueueForm(given) if of == "queue" else InteractionsForm(given, membership=by)
    if not form.is_valid():
        faults = [str(fault) for faults in form.errors.values() for fault in faults]
        said = form.faults if isinstance(form, InteractionsForm) else faults
        raise Refused(_("These filters aren't valid: %(faults)s") % {"faults": " ".join(said)})
    kept = QueryDict(mutable=True)
    for name in (*form.fields, "sort", "group"):
        if value := given.get(name, "").strip():
            kept[name] = value
    return kept.urlencode()
