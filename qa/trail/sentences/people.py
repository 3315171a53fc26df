"""What is said of members, invitations and API keys."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from qa.notices.models import Digest
from qa.organizations.models import Role, Scope
from qa.trail.entries import Entry, Value, moved
from qa.trail.values import AGENT, Chosen, Named, text, yes_no

ROLE: Final = Value(_("Role"), Chosen(dict(Role.choices)))
IS_AGENT: Final = Value(_("Agent profile"), Named(AGENT))
MAILED: Final = Value(_("Sent by e-mail"), yes_no)
DIGEST: Final = Value(_("Notices by e-mail"), Chosen(dict(Digest.choices)))

ENTRIES: Final[Mapping[str, Entry]] = {
    "api_key.created": Entry(
        _("Created an API key"), {"scopes": Value(_("Permissions"), Chosen(dict(Scope.choices)))}
    ),
    "api_key.revoked": Entry(_("Revoked an API key")),
    "invitation.withdrawn": Entry(_("Withdrew an invitation"), {"role": ROLE}),
    "member.address_asked": Entry(_("Asked for another e-mail address")),
    "member.address_changed": Entry(_("Confirmed a new e-mail address")),
    "member.address_proposed": Entry(_("Proposed another e-mail address for a member")),
    "member.address_withdrawn": Entry(_("Withdrew a new e-mail address")),
    "member.deactivated": Entry(_("Deactivated a member"), {"role": ROLE, "agent": IS_AGENT}),
    "member.preferences_set": Entry(
        _("Changed their own settings"),
        {"time_zone": Value(_("Time zone"), text), "language": Value(_("Language"), text)},
    ),
    "member.reactivated": Entry(_("Reactivated a member"), {"role": ROLE, "agent": IS_AGENT}),
    "member.renamed": Entry(_("Changed their own name")),
    "member.added": Entry(_("Added a member"), {"role": ROLE, "agent": IS_AGENT}),
    "member.agent_set": Entry(_("Changed a member's agent profile"), {"agent": IS_AGENT}),
    "member.invited": Entry(_("Invited somebody"), {"role": ROLE, "mailed": MAILED}),
    "member.invited_again": Entry(_("Sent an invitation again"), {"mailed": MAILED}),
    "member.joined": Entry(_("Accepted an invitation"), {"role": ROLE}),
    "member.left": Entry(_("Left the organization"), {"role": ROLE, "agent": IS_AGENT}),
    "member.link_made": Entry(_("Made a password link for a member")),
    "member.removed": Entry(_("Removed a member"), {"role": ROLE, "agent": IS_AGENT}),
    "member.role_changed": Entry(
        _("Changed a member's role"), moves=moved(Chosen(dict(Role.choices)), _("Role"))
    ),
    "notices.digest_chosen": Entry(
        _("Changed how often notices come by e-mail"), {"digest": DIGEST}
    ),
    "view.kept": Entry(
        _("Saved a view of the list of conversations"),
        {"shared": Value(_("Shared with everyone"), yes_no)},
    ),
    "view.removed": Entry(_("Removed a saved view")),
}
