"""Who is who in a ticket: the one who asked, those of the company, and anybody else.

people = People()
people.add("customer", identity="71", name="Ines Prado", address="ines@mailhost.example")
people.side("71")                                   # "customer"
people.known_as("Ines")                             # Person("customer", "Ines Prado")
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from transcripts.formats.labels import name_in, role_of
from transcripts.formats.mail.addresses import address_of

UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's role, and the label that their words bear."""

    role: str
    label: str


@dataclass(slots=True)
class People:
    """Persons by id, address and name; a name that two of them bear is nobody's."""

    _ids: dict[str, Person] = field(default_factory=dict)
    _names: dict[str, set[Person]] = field(default_factory=dict)
    _firsts: dict[str, set[Person]] = field(default_factory=dict)

    def add(self, role: str, *, identity: str = "", name: str = "", address: str = "") -> None:
        """Name somebody of a side, by whatever is known of them."""
        known = self._ids.get(identity) if identity else None
        person = known or Person(role, name or address or identity)
        if identity:
            self._ids[identity] = person
        for written in filter(None, {_fold(name), _fold(address), address_of(address)}):
            self._names.setdefault(written, set()).add(person)
        if name and "@" not in name:
            self._firsts.setdefault(_fold(name).partition(" ")[0], set()).add(person)

    @property
    def knows_customer(self) -> bool:
        """True if it is known who asked."""
        listed = [self._ids.values(), *self._names.values()]
        return any(person.role == "customer" for persons in listed for person in persons)

    def side(self, identity: str = "", name: str = "", address: str = "") -> str:
        """The role of somebody by id, address or full name; `unknown` for a stranger."""
        if identity in self._ids:
            return self._ids[identity].role
        for written in (address_of(address), _fold(address), _fold(name)):
            roles = {person.role for person in self._names.get(written, ())} if written else set()
            if len(roles) == 1:
                return roles.pop()
        return UNKNOWN

    def incoming(self, identity: str = "", name: str = "", address: str = "") -> str:
        """The role of whoever wrote in: no customer's where it is known that another asked."""
        found = self.side(identity, name, address)
        return "customer" if found == UNKNOWN and not self.knows_customer else found

    def known_as(self, label: str) -> Person:
        """Whom a chat or the headers of a mail name, by all of their name or the first of it."""
        address, bare = address_of(label), label.partition("<")[0] or label
        inner = name_in(bare)
        for persons in (
            self._names.get(address) if address else None,
            self._names.get(_fold(bare)),
            self._names.get(_fold(inner)) if inner else None,
            self._firsts.get(_fold(bare)),
        ):
            if persons and len({person.role for person in persons}) == 1:
                role = next(iter(persons)).role
                return next(iter(persons)) if len(persons) == 1 else Person(role, label)
        return Person(role_of(label) or UNKNOWN, label)


def persons_of_chat(labels: Iterable[str], people: People) -> dict[str, Person]:
    """Who speaks in a desk's chat, by label.

    It is between the one who asked and the company: where one side is known and one more person
    speaks, that is the other side.
    """
    found = {label: people.known_as(label) for label in labels}
    strangers = [label for label, person in found.items() if person.role == UNKNOWN]
    known = {person.role for person in found.values()} & {"agent", "customer"}
    if len(strangers) == 1 and len(known) == 1:
        other = "customer" if known == {"agent"} else "agent"
        found[strangers[0]] = replace(found[strangers[0]], role=other)
    return found


def _fold(label: str) -> str:
    return " ".join(label.casefold().split())
