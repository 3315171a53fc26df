"""Who did something, by the label that rows keep of them: a member, an API key, or Heard itself."""

from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext as _

from qa.organizations.models import ApiKey, Membership
from qa.tenancy.base import Actor

SYSTEM: Final = "system"


def names_of(labels: Collection[str], *, by: Actor) -> dict[str, str]:
    """The names of those who acted, also of members who have left; two queries at most."""
    kinds = [label.partition(":") for label in labels]
    members = [rest for kind, _sep, rest in kinds if kind == "member"]
    prefixes = [rest for kind, _sep, rest in kinds if kind == "key"]
    names = {label: "Heard" if label == SYSTEM else label for label in labels}
    if members:
        people = Membership.objects.visible_to(by, former=True).filter(pk__in=members)
        for member in people.select_related("user"):
            names[member.actor_label] = member.user.name
    if prefixes:
        for key in ApiKey.objects.visible_to(by).filter(prefix__in=prefixes):
            names[key.actor_label] = _("API key “%(name)s”") % {"name": key.name}
    return names
