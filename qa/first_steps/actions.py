"""Put away what newcomers are offered, and bring it back: each member for themself."""

from qa.first_steps.models import Offer
from qa.organizations.models import Membership
from qa.reviews.models import Review


def put_away(what: str, *, by: Membership) -> None:
    """Do not offer this to this member any more."""
    _choose(what, by, wanted=False)


def bring_back(what: str, *, by: Membership) -> None:
    """Offer it to this member again."""
    _choose(what, by, wanted=True)


def chosen(what: str, *, by: Membership) -> bool | None:
    """Whether this member wants to be offered this; None where they have not said so."""
    rows = Offer.objects.visible_to(by).filter(what=what)
    return rows.values_list("wanted", flat=True).first()


def offers_tour(by: Membership) -> bool:
    """True if a review page offers its tour: on a member's first review, or when asked for."""
    wanted = chosen(Offer.What.TOUR, by=by)
    if wanted is not None:
        return wanted
    return not Review.objects.visible_to(by).confirmed().filter(specialist=by).exists()


def _choose(what: str, by: Membership, *, wanted: bool) -> None:
    Offer.objects.update_or_create(
        organization_id=by.organization_id, member=by, what=what, defaults={"wanted": wanted}
    )
