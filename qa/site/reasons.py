"""Why a place of the menu can't be used yet, in the member's words."""

from qa.organizations.models import Membership


def not_yet(membership: Membership) -> dict[str, str]:
    """Say for each place (by the name of its address) what it still lacks; none for the others.

    Full pages ask this, so it should cost at most one short query.
    """
    return {}
