"""Invite several people at once: what an admin pastes, read address by address.

Each address stands or falls by itself: those that are fine are invited, the others come back with
what is wrong with them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from qa.core.errors import Conflict, DomainError, Refused
from qa.organizations import directory, invitations
from qa.organizations.addresses import fold
from qa.organizations.models import Agent, Invitation, Role, Team
from qa.tenancy.base import Actor

AT_ONCE: Final = 100
LONGEST: Final = 254  # of an address
WORD: Final = re.compile(r"[^\s<>,;:\"()|]+")
AROUND: Final = " \t<>,;:\"()|'"  # what stands between a name and an address


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody to invite, or what is wrong with what was typed."""

    text: str
    email: str = ""
    name: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """An invitation, and what its link ends in."""

    invitation: Invitation
    token: str


def read(text: str) -> list[Line]:
    """The people in a pasted list, in any of the ways in which programs write them; each once.

    One or several a line: `ann@example.com`, `Ann Lee <ann@example.com>`, `Ann Lee, ann@…`.
    """
    found: dict[str, Line] = {}
    for written in text.splitlines():
        for line in _people_of(written):
            found.setdefault(line.email or line.text, line)
    return list(found.values())


@transaction.atomic
def invite_all(
    lines: Iterable[Line], *, by: Actor, role: Role, team: Team | None, mailed: bool
) -> tuple[list[Made], list[Line]]:
    """Invite them, all with one role; gives whom, and those who could not be, each with the reason.

    Who is to be an agent gets the agent profile of their name, or a new one in this team.
    """
    lines = list(lines)
    good = sorted((line for line in lines if not line.fault), key=lambda line: line.email)
    invitations.end_other_links((line.email for line in good), by=by)
    made, faults = {}, {line.text: line for line in lines if line.fault}
    for line in good:
        try:
            with transaction.atomic():
                agent = agent_called(line.name, by=by, team=team) if role == Role.AGENT else None
                invited, token = invitations.invite(
                    by=by, email=line.email, name=line.name, role=role, agent=agent, mailed=mailed
                )
            made[line.text] = Made(invited, token)
        except DomainError as error:
            faults[line.text] = replace(line, fault=error.message)
    order = [line.text for line in lines]
    return [made[text] for text in order if text in made], [
        faults[text] for text in order if text in faults
    ]


def agent_called(name: str, *, by: Actor, team: Team | None = None) -> Agent:
    """The agent profile of this name that nobody signs in as; a new one, where there is none."""
    named = Agent.objects.visible_to(by).active().filter(name__iexact=" ".join(name.split()))
    free = list(named.without_login()[:2])
    if len(free) > 1:
        words = _("Several agents are called %(name)s. Invite this person alone and choose one.")
        raise Refused(words % {"name": name})
    if free:
        return free[0]
    if named.exists():
        words = _("The agent %(name)s has a log-in or an invitation already.")
        raise Conflict(words % {"name": name})
    return directory.add_agent(by=by, name=name, team=team)


def _people_of(written: str) -> Iterator[Line]:
    text = " ".join(written.split())
    if not text.strip(AROUND):
        return
    found = [word for word in WORD.finditer(text) if "@" in word[0].strip("@")]
    if not found:
        yield Line(text, fault=_("There is no e-mail address in this line."))
    elif len(found) == 1:
        name = f"{text[: found[0].start()].strip(AROUND)} {text[found[0].end() :].strip(AROUND)}"
        yield _person(text, found[0][0], name)
    else:
        begin = 0
        for match in found:
            name = text[begin : match.start()].strip(AROUND)
            yield _person(f"{name} <{match[0]}>" if name else match[0], match[0], name)
            begin = match.end()


def _person(text: str, address: str, name: str) -> Line:
    address = address.rstrip(".")
    try:
        if len(address) > LONGEST:
            raise ValidationError("longer than an address can be")
        email = fold(address)
        validate_email(email)
    except Refused as error:
        return Line(text, fault=error.message)
    except ValidationError:
        return Line(text, fault=_("This isn't a valid e-mail address."))
    name = " ".join(name.split()) or _name_in(address)
    if len(name) > Invitation._meta.get_field("name").max_length:  # type: ignore[operator]
        return Line(text, fault=_("The name is too long."))
    return Line(text, email, name)


def _name_in(address: str) -> str:
    """A first guess from the address itself: "ann.lee@…" may be Ann Lee."""
    local = address.partition("@")[0].partition("+")[0]
    words = [word for word in re.split(r"[._\-\d]+", local) if word]
    return " ".join(word.capitalize() for word in words) or address
