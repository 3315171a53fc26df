"""Speaker labels: which role the words of a label state, and what looks like a label at all.

A role is read from the label's own words ("Agent Mike Rivera", "Customer Service Rep", "Jane
(caller)"), never from the order of the turns. A label that is only a name has the role `unknown`.
"""

import re
from functools import lru_cache
from typing import Final

from transcripts.formats.model import ROLES
from transcripts.formats.vocabulary import ROLES_BY_PHRASE, ROLES_BY_WORD, words

MAX_LABEL: Final = 80  # characters
KEPT: Final = 2_048  # answers remembered, for labels recur throughout a file

_COMPANY: Final = frozenset(words("labels", "company"))
_STRONG: Final = frozenset(words("labels", "strong"))
_NOT_NAMES: Final = frozenset(words("labels", "not_names"))
_OUTSIDERS: Final = frozenset(words("labels", "outsiders"))
_JOINT: Final = re.compile(r"(?<=\w)[_\-](?=\w)|(?<=[a-z])(?=[A-Z])")
_EDGES: Final = ".,-'\u2019"  # what may cling to a word
_WORD: Final = re.compile("[\\w'\u2019.\\-&]+")
_BRACKETED: Final = re.compile(r"[(\[<]([^()\[\]<>]{1,40})[)\]>]")
# A mood behind a role: `Caller - angry`, `Customer, crying`.
_ASIDE: Final = re.compile(r"(?:\s[-\u2013\u2014]\s?|,\s)[^\W\d_A-Z][^\W\d_A-Z']{2,20}$")
_FOREIGN: Final = re.compile(r'["{}=\\/;?!]')  # stands in code, data and sentences, in no label
_ROMAN_OR_NUMBER: Final = re.compile(r"[#\d._\-]*\d[\d._\-]*|[A-Z]")
_NUMBERED_SPEAKER: Final = re.compile(
    r"(?:speaker|spk|participant|person|voice|channel|party)[ _\-]?(?:\d{1,4}|[a-z])", re.IGNORECASE
)
_OPENERS: Final = "*_#>[(<-\u2022\u2013\u2014 \t"
_CLOSERS: Final = "*_])> \t"


def tidy(label: str) -> str:
    """A label without its decoration: `**Agent Mike**` is `Agent Mike`."""
    bare = label.strip().lstrip(_OPENERS)
    if not ("(" in bare or "[" in bare):
        bare = bare.rstrip(_CLOSERS)
    return " ".join(bare.rstrip("*_ \t:").split())


@lru_cache(maxsize=KEPT)
def role_of(label: str) -> str | None:
    """The role that a label's words state; None if they state none, as a mere name does."""
    if len(label) > MAX_LABEL or _FOREIGN.search(label):
        return None
    bare = tidy(label)
    for inner in _BRACKETED.findall(bare):
        if role := _role_of_words(_WORD.findall(inner), named=False):
            return role
    outer = _ASIDE.sub("", _BRACKETED.sub(" ", bare).strip())
    return _role_of_words(_WORD.findall(outer), named=True)


def without_asides(label: str) -> str:
    """A label without what is said of a speaker beside their role: `CUSTOMER (crying)`.

    What is written like a name stays, for `Agent (Dana)` names somebody; where the role itself
    begins with a small letter, so may a name.
    """
    bare = tidy(label)
    if not bare[:1].isupper() or role_of(label) is None:
        return label
    outer = _BRACKETED.sub(lambda found: " " if _is_aside(found[1]) else found[0], bare)
    behind = _ASIDE.search(outer)
    return outer[: behind.start()].strip() if behind else outer.strip()


def _is_aside(words: str) -> bool:
    """True if words in brackets are small letters alone: a mood, a sound, never a name."""
    return not any(map(_name_word, _WORD.findall(words)))


def stated_role(value: str) -> str:
    """The role in a cell or field that is meant to hold one; `unknown` if it isn't understood.

    Fields join words as programs do: `end_user`, `endUser`.
    """
    word = value.strip().casefold()
    if word in ROLES:
        return word
    return role_of(value) or role_of(_JOINT.sub(" ", value[:MAX_LABEL])) or "unknown"


def is_outsider(value: str) -> bool:
    """True if a field names somebody outside the company: the customer, opposite an agent."""
    return _JOINT.sub(" ", value.strip()[:MAX_LABEL]).casefold() in _OUTSIDERS


@lru_cache(maxsize=KEPT)
def looks_like_name(label: str) -> bool:
    """True if a label without a role's word may be a speaker: `Jane Smith`, `Speaker 1`, `B`."""
    bare = tidy(label)
    parts = bare.split(" ")
    if not bare or len(bare) > 40 or len(parts) > 4 or _FOREIGN.search(bare):
        return False
    if _NUMBERED_SPEAKER.fullmatch(bare) or "@" in bare:
        return True
    if is_no_name(bare):
        return False
    return all(_name_word(word) for word in parts) and not bare.isdigit()


@lru_cache(maxsize=KEPT)
def name_in(label: str) -> str:
    """Who a label names: `Agent Dana Reyes (Billing)` is `Dana Reyes`.

    Empty where it names nobody, as a role alone or `Speaker 2` does.
    """
    bare = tidy(label)
    if len(bare) > MAX_LABEL or _NUMBERED_SPEAKER.fullmatch(bare):
        return ""
    outer = _BRACKETED.sub(" ", bare)
    for part in (outer, *_BRACKETED.findall(bare)):
        said = [word for word in part.split() if not _is_role_word(word)]
        if any(len(word) > 1 for word in said) and looks_like_name(name := " ".join(said)):
            return name
    return ""


def _is_role_word(word: str) -> bool:
    folded = word.casefold().strip(_EDGES)
    return not folded or folded in ROLES_BY_WORD or folded in _COMPANY or folded.isdigit()


def is_no_name(label: str) -> bool:
    """True if a label has a word that stands before colons in speech: `Note`, `Meeting title`."""
    return any(word.casefold().strip(_EDGES) in _NOT_NAMES for word in label.split(" "))


def names_a_person(label: str) -> bool:
    """True if a label seen once may still be trusted to be a speaker: two capitalised words."""
    return " " in tidy(label) and looks_like_name(label)


def _name_word(word: str) -> bool:
    letters = word.strip("()[]#\u2116" + _EDGES)
    first = letters[:1]
    if not first or any(character in "<>|" for character in letters):
        return False
    return first.isdigit() or first.isupper() or (first.isalpha() and not first.islower())


def _role_of_words(said: list[str], *, named: bool) -> str | None:
    """The role of a label's words, where `named` lets a speaker's name stand beside the role."""
    folded = [word.casefold().strip(_EDGES) for word in said]
    if not folded:
        return None
    length, role = _leading_role(folded)
    if role and (length == len(said) or (named and _is_name(said[length:]))):
        return role
    last = folded[-1]
    if named and len(said) <= 4 and last in _STRONG and _is_name(said[:-1]):
        return ROLES_BY_WORD[last]
    return None


def _leading_role(folded: list[str]) -> tuple[int, str | None]:
    """How many words at the beginning state a role, and which; the company's side outweighs."""
    length, role = 0, None
    while length < len(folded):
        pair = " ".join(folded[length : length + 2])
        found, step = ROLES_BY_PHRASE.get(pair), 2
        if found is None:
            found, step = ROLES_BY_WORD.get(folded[length]), 1
        if found is None and role and folded[length] in _COMPANY:
            found = "agent"
        if found is None:
            break
        role = _outweighing(role, found)
        length += step
    return length, role


def _outweighing(role: str | None, found: str) -> str:
    """Of two stated roles the one that is meant: a "support bot" is a bot, a "client adviser" no
    client."""
    ranks = ("customer", "system", "agent", "bot")
    return found if role is None or ranks.index(found) > ranks.index(role) else role


def _is_name(said: list[str]) -> bool:
    """True if the words beside a role may be a name or number: `Mike Rivera`, `2`, `#14`."""
    return len(said) <= 4 and all(
        (_ROMAN_OR_NUMBER.fullmatch(word) or _name_word(word)) and word.casefold() not in _NOT_NAMES
        for word in said
        if word != "-"
    )
