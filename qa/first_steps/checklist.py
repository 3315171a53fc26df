"""The first steps of an organization, for those who take them; gone once an agent has read."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from qa.first_steps.actions import chosen
from qa.first_steps.facts import Facts
from qa.first_steps.models import Offer
from qa.organizations.access import MANAGERS, REVIEWERS
from qa.organizations.models import Membership, Role


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, what it brings, and the one place to go to."""

    key: str
    title: str
    brings: str
    url: str
    action: str
    done: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    """The steps of one member. `samples`: the sample conversations are in."""

    steps: tuple[Step, ...]
    samples: bool
    may_load_samples: bool

    @property
    def next(self) -> Step | None:
        """The one to go on with: after one that is done, even if an earlier was left out."""
        pairs = zip(self.steps, self.steps[1:], strict=False)
        following = [step for before, step in pairs if before.done]
        return next((step for step in (*following, *self.steps) if not step.done), None)

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.done for step in self.steps)


StepMaker = Callable[[Membership, Facts], Step]


def on_start_page(by: Membership, facts: Facts) -> Checklist | None:
    """What a member's start page shows; None once it is done or put away, and for agents."""
    if by.role not in REVIEWERS or chosen(Offer.What.CHECKLIST, by=by) is False:
        return None
    return None if facts.arrived else checklist(by, facts)


def checklist(by: Membership, facts: Facts) -> Checklist:
    """The steps of a member's role, with what is done of them."""
    makers: tuple[StepMaker, ...] = (_people, _transcripts, _review, _share, _dashboard)
    if by.role == Role.SPECIALIST:
        makers = (_transcripts, _review, _share)
    steps = tuple(make(by, facts) for make in makers)
    may_load = by.role in MANAGERS and not facts.samples
    return Checklist(steps, facts.samples, may_load)


def _people(by: Membership, facts: Facts) -> Step:
    if by.role == Role.ADMIN:
        url, action = _address("settings-agents", by), _("Add agents")
    else:
        url, action = _address("upload", by), _("Name agents while uploading")
    return Step(
        key="people",
        title=_("Add your teams and agents"),
        brings=_("Every conversation then has its agent, so that feedback reaches somebody."),
        url=url,
        action=action,
        done=facts.agents,
    )


def _transcripts(by: Membership, facts: Facts) -> Step:
    return Step(
        key="transcripts",
        title=_("Bring in transcripts"),
        brings=_(
            "Calls, chats, e-mails and video meetings, in almost any format. Personal data is "
            "removed before anything is stored, and each conversation gets a pre-score."
        ),
        url=_address("upload", by),
        action=_("Upload transcripts"),
        done=facts.conversations,
    )


def _review(by: Membership, facts: Facts) -> Step:
    return Step(
        key="review",
        title=_("Review one conversation"),
        brings=_(
            "You confirm or correct what the pre-score found and add a note. It takes a few "
            "minutes, and a tour shows you how."
        ),
        url=_address("queue", by),
        action=_("Open the queue"),
        done=facts.reviewed,
    )


def _share(by: Membership, facts: Facts) -> Step:
    """Done last of all: the list is gone from start pages then."""
    invited = facts.shared or (facts.readers and not facts.reviewed)
    if invited or by.role != Role.ADMIN:
        url, action = _address("acknowledgements", by), _("See who has read what")
    else:
        url = f"{_address('settings-invite', by)}?role={Role.AGENT}"
        action = _("Invite an agent")
    if facts.shared:
        brings = _("The review waits for its agent. Once they have read it, this list goes away.")
    elif invited:
        brings = _("A review is shared with its agent as soon as it is submitted.")
    elif by.role == Role.ADMIN:
        brings = _(
            "A review is shared as soon as it is submitted. Invite its agent, so that they can "
            "sign in and read it."
        )
    else:
        brings = _(
            "A review is shared as soon as it is submitted. Its agent needs a log-in to read it: "
            "ask your admin to invite them."
        )
    title = _("Let the agent read it")
    return Step("share", title, brings, url, action, done=facts.arrived)


def _dashboard(by: Membership, facts: Facts) -> Step:
    return Step(
        key="dashboard",
        title=_("See it on the dashboard"),
        brings=_("How often your team meets customers' feelings, with your review counted in."),
        url=_address("dashboard", by),
        action=_("Open the dashboard"),
        done=facts.reviewed,
    )


def _address(name: str, by: Membership) -> str:
    return reverse(name, kwargs={"slug": by.organization.slug})
