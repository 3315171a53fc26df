"""Who is in the demo organization, and how they sign in."""

from dataclasses import dataclass

from qa.organizations.models import Role

PASSWORD = "heard-demo-2026"  # noqa: S105 (printed by `make run`; never used outside the demo)
SLUG = "larkmere"
EMPTY_SLUG = "bramblewick"


@dataclass(frozen=True, slots=True)
class Person:
    """One demo log-in; `agent` is the external id of the agent they are."""

    name: str
    email: str
    role: Role
    organization: str = SLUG
    agent: str | None = None


PEOPLE = (
    Person("Dana Whitlock", "dana@larkmere.example", Role.SPECIALIST),
    Person("Samir Haddad", "samir@larkmere.example", Role.SPECIALIST),
    Person("Mona Lindqvist", "mona@larkmere.example", Role.MANAGER),
    Person("Ada Okafor", "ada@larkmere.example", Role.ADMIN),
    Person("Colm Gallagher", "colm@larkmere.example", Role.AGENT, agent="a-102"),
    Person("Adaeze Nwosu", "adaeze@larkmere.example", Role.AGENT, agent="a-201"),
    Person("Tamsin Reid", "tamsin@larkmere.example", Role.AGENT, agent="a-103"),
    Person("Bea Thornton", "bea@bramblewick.example", Role.ADMIN, organization=EMPTY_SLUG),
)
NAMES = {SLUG: "Larkmere", EMPTY_SLUG: "Bramblewick (empty)"}
