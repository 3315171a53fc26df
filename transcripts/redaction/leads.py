"""What a lead is: words behind which a name stands. Patterns read a text in lower case."""

import re
from dataclasses import dataclass
from typing import Final

AGENTS: Final = ("agent", "bot")


@dataclass(frozen=True, slots=True)
class Lead:
    """Words behind which a name stands, and what must be around it."""

    hints: frozenset[str]  # one of these words is in every text that the pattern fits
    words: re.Pattern[str]
    signs: tuple[str, ...] = ()  # if any, one of these is too, in lower case
    begins: tuple[str, ...] = ()  # if any, the pattern fits only where one of these stands
    least: int = 1  # words with a capital that the name takes; 0: one in lower case will do
    ahead: re.Pattern[str] | None = None  # what must stand in front of the words
    behind: re.Pattern[str] | None = None  # what must follow the name
    rare_behind: bool = False  # it is rarer than the words, and looked for before them
    by_agents: bool = False  # only where an agent says it
    own: bool = False  # the agent's own name, where an agent says it


def lead(hints: str, words: str, **more: object) -> Lead:
    """A lead; its patterns given as text."""
    patterns = {
        key: re.compile(str(value)) if key in ("ahead", "behind") else value
        for key, value in more.items()
    }
    return Lead(frozenset(hints.split()), re.compile(words), **patterns)  # type: ignore[arg-type]


KIN: Final = (
    "husband|wife|partner|son|daughter|mother|mum|mom|dad|father|brother|sister|aunt|uncle|nan|"
    "gran|grandma|grandmother|grandfather|grandad|granddad|fianc[ée]e?|girlfriend|boyfriend|"
    "cousin|nephew|niece|friend|neighbou?r|landlord|landlady|roommate|flatmate|housemate|carer|"
    "solicitor|lawyer|grandson|granddaughter|child|baby|colleague|boss|assistant|accountant|"
    "tenant|godson|"
    "goddaughter|stepson|stepdaughter|stepmother|stepfather|pupil|client|nurse|caretaker|porter|"
    "twin|ex|"
    "cleaner|concierge|gardener|nanny|childminder|plumber|builder|dentist|vet|coach|tutor|trainer|"
    "lodger|babysitter|receptionist|supervisor|eldest|youngest|oldest|other half|better half|"
    "technician|engineer|driver|fitter|courier|advis[eo]r|mechanic|electrician|handyman|postman|"
    "mate|pal|buddy|flat mate|manager|coworker|co-worker|secretary|teacher|"
    "(?:son|mother|father|daughter|sister|brother)-in-law"
)
KIN_HINTS: Final = (
    "husband wife partner son daughter mother mum mom dad father brother sister aunt uncle nan gran"
    " grandma grandmother grandfather grandad granddad fiancé fiancée fiance fiancee girlfriend"
    " boyfriend cousin nephew niece friend neighbour neighbor landlord landlady roommate flatmate"
    " housemate carer solicitor lawyer law grandson granddaughter child baby colleague boss "
    "assistant"
    " accountant tenant godson goddaughter stepson stepdaughter stepmother stepfather pupil "
    "client nurse"
    " technician engineer driver fitter courier adviser advisor mechanic electrician handyman"
    " postman caretaker porter twin ex mate manager cleaner concierge"
    " gardener nanny childminder plumber"
    " builder dentist vet coach tutor trainer lodger babysitter receptionist supervisor eldest"
    " youngest oldest half pal buddy coworker worker secretary teacher"
)
