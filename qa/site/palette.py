"""What the search of the rail finds: pages, actions, agents by name, conversations by their id."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Collate
from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa.organizations.access import REVIEWERS
from qa.organizations.models import Agent, Membership
from qa.site.navigation import places_of
from transcripts.models import Interaction

MOST = 8  # of one kind
AT_LEAST = 2  # letters, before agents and conversations are looked for
ID_LENGTH = 32
ID_AT_LEAST = 4
LAST = "\U0010ffff"

Words = str | Promise
# Pages that the rail does not show: name of the address, words, icon, other words for it.
PAGES: tuple[tuple[str, Words, str, Words], ...] = (
    ("scores", _("Scorecard results"), "list-checks", _("average section question auto-fail")),
    ("reviewers", _("Reviewers' work"), "clipboard-check", _("backlog coverage volume time")),
    ("ledger", _("Apologies and volunteered empathy"), "message-circle-heart", _("sorry")),
    ("agents", _("Agents and their figures"), "headset", _("people trend")),
    ("settings-organization", _("Organization"), "building-2", _("name logo time zone language")),
    ("settings-members", _("Members"), "users-round", _("people users roles")),
    ("settings-agents", _("Agents"), "headset", _("people names merge")),
    ("settings-teams", _("Teams"), "network", _("groups leads")),
    ("settings-keys", _("API keys"), "key-round", _("token integration")),
    ("settings-domains", _("E-mail domains"), "at-sign", ""),
    ("settings-recordings", _("Recordings"), "volume-2", _("audio player")),
    ("settings-redaction", _("Redaction"), "eye-off", _("personal data privacy")),
    ("settings-feedback", _("Feedback settings"), "message-circle-heart", _("disputes")),
    ("settings-note-templates", _("Note templates"), "notebook-pen", _("snippets texts")),
    ("notes", _("Notes"), "sticky-note", _("search coaching")),
    ("settings-audit", _("Audit trail"), "history", _("log changes")),
    ("acknowledgements", _("Acknowledgements"), "check-check", _("feedback read")),
    ("calibration-drift", _("Reviewers over time"), "trending-up", _("calibration drift")),
    ("agreement-policy", _("Blind-review settings"), "eye-off", _("agreement kappa")),
    ("notices-settings", _("E-mail settings"), "mail", _("notices digest")),
    ("account-password", _("Change password"), "key-round", _("account")),
)  # fmt: skip
# What can be begun: the same, for addresses that begin something.
ACTIONS: tuple[tuple[str, Words, str, Words], ...] = (
    ("upload", _("Upload transcripts"), "upload", _("import files add")),
    ("settings-invite", _("Invite a member"), "user-round-plus", _("add people")),
    ("settings-agent-add", _("Add an agent"), "plus", _("new create")),
    ("settings-team-add", _("Add a team"), "plus", _("new create")),
    ("scorecard-add", _("Create a scorecard"), "plus", _("new add")),
    ("sampling-new", _("Add a sampling rule"), "plus", _("new create")),
    ("calibration-add", _("Start a calibration"), "plus", _("new create session")),
    ("settings-key-add", _("Create an API key"), "plus", _("new add")),
)  # fmt: skip
THEMES: tuple[tuple[str, Words, str], ...] = (
    ("dark", _("Switch to dark colours"), "moon"),
    ("light", _("Switch to light colours"), "sun"),
    ("system", _("Use the colours of the system"), "monitor"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """One line of what was found: a link, or something the page itself does (`does`)."""

    label: str
    icon: str
    url: str = ""
    hint: str = ""
    key: str = ""
    does: str = ""  # "theme", "keys" or "sign-out"
    value: str = ""
    person: bool = False  # drawn with initials instead of the icon


@dataclass(frozen=True, slots=True)
class Kind:
    """What was found of one kind."""

    key: str
    label: str
    items: list[Found] = field(default_factory=list)


def find(by: Membership, text: str) -> list[Kind]:
    """Everything this member may open that answers to the text; without one, pages and actions."""
    kinds = [
        Kind("pages", gettext("Pages"), _fitting(text, _pages(by))),
        Kind("agents", gettext("Agents"), _agents(by, text)),
        Kind("conversations", gettext("Conversations"), _conversations(by, text)),
        Kind("actions", gettext("Actions"), _fitting(text, _actions(by))),
    ]
    return [kind for kind in kinds if kind.items]


def _fitting(text: str, lines: Iterable[tuple[Found, str]]) -> list[Found]:
    """The lines in which every word of the text stands, those that begin with it first."""
    words = text.casefold().split()
    found = [
        line
        for line, also in lines
        if all(word in f"{line.label} {also}".casefold() for word in words)
    ]
    found.sort(key=lambda line: not line.label.casefold().startswith(text.casefold()))
    return found[: MOST if text else None]


def _pages(by: Membership) -> Iterator[tuple[Found, str]]:
    for place, url in places_of(by):
        yield Found(str(place.label), place.icon, url, key=place.key), place.name
    yield from _open_to(by, PAGES)


def _actions(by: Membership) -> Iterator[tuple[Found, str]]:
    yield from _open_to(by, ACTIONS)
    for value, label, icon in THEMES:
        yield Found(str(label), icon, does="theme", value=value), gettext("theme appearance mode")
    yield (
        Found(gettext("Show keyboard shortcuts"), "keyboard", does="keys", key="?"),
        gettext("keys help"),
    )
    yield Found(gettext("Sign out"), "log-out", does="sign-out"), gettext("log out leave")


def _open_to(
    by: Membership, lines: Iterable[tuple[str, Words, str, Words]]
) -> Iterator[tuple[Found, str]]:
    """The lines whose page this member's role may open."""
    for name, label, icon, also in lines:
        url = _address(name, by)
        roles = getattr(resolve(url).func, "roles", (by.role,))
        if by.role in roles:
            yield Found(str(label), icon, url), str(also)


def _address(name: str, by: Membership) -> str:
    return reverse(name, kwargs={"slug": by.organization.slug})


def _agents(by: Membership, text: str) -> list[Found]:
    if by.role not in REVIEWERS or len(text) < AT_LEAST:
        return []
    rows = Agent.objects.visible_to(by).found_by(text).select_related("team")
    return [
        Found(
            agent.name,
            "headset",
            reverse("agent", kwargs={"slug": by.organization.slug, "pk": agent.pk}),
            hint=agent.team.name if agent.team else "",
            person=True,
        )
        for agent in rows.order_by("name", "pk")[:MOST]
    ]


def _conversations(by: Membership, text: str) -> list[Found]:
    """By the id they had where they come from, or by their own; the first letters are enough."""
    if by.role not in REVIEWERS or len(text) < AT_LEAST:
        return []
    found: dict[UUID, Interaction] = {}
    for rows in (*_by_external_id(by, text), _by_id(by, text)):
        if len(found) < MOST:
            found |= {row.pk: row for row in rows.select_related("agent")[:MOST]}
    return [_line(by, row) for row in list(found.values())[:MOST]]


def _by_external_id(by: Membership, text: str) -> Iterator[QuerySet[Interaction]]:
    """A read for each way in which these letters may be written; the index finds each."""
    rows = Interaction.objects.visible_to(by).annotate(known=Collate("external_id", "C"))
    for start in dict.fromkeys((text, text.upper(), text.lower())):
        yield rows.filter(known__gte=start, known__lt=start + LAST).order_by("known", "pk")


def _by_id(by: Membership, text: str) -> QuerySet[Interaction]:
    digits = text.replace("-", "").casefold()
    rows = Interaction.objects.visible_to(by)
    hexadecimal = all(letter in "0123456789abcdef" for letter in digits)
    if not hexadecimal or not ID_AT_LEAST <= len(digits) <= ID_LENGTH:
        return rows.none()
    first, last = (UUID(digits.ljust(ID_LENGTH, end)) for end in "0f")
    return rows.filter(pk__gte=first, pk__lte=last).order_by("pk")


def _line(by: Membership, row: Interaction) -> Found:
    url = reverse("interaction", kwargs={"slug": by.organization.slug, "pk": row.pk})
    agent = row.agent.name if row.agent else gettext("No agent")
    return Found(row.external_id or str(row.pk), "messages-square", url, hint=agent)
