"""What stands in a message and is nobody's words to anybody: it is shown, and never scored.

    asides("Friday it is.\\n-- \\nDana\\nWe value you.", "agent")   # (Aside(14, 36, "signature"),)

A mail gateway's warning above the words, and below them a signature, the small print, what a phone
adds, a survey. Structure tells where it can; the words are in boilerplate.toml, in many languages.
Pure, and in linear time.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BANNER, SIGNATURE, SMALL_PRINT, SURVEY = "banner", "signature", "small_print", "survey"
MAX_BANNER: Final = 900  # characters
MAX_SIGNATURE: Final = 1_500
MAX_LOOKED_AT: Final = 12_000  # characters at the end of a text
MAX_BELOW: Final = 8  # parts below the words
MAX_PRINT: Final = 3_000  # characters of one of them
MAX_CLOSING: Final = 8  # lines that may recur below an agent's turns

_WORDS: Final[dict[str, dict[str, list[str]]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text("utf-8")
)
_WARNING: Final = _WORDS["warning"]
_PRINT: Final = _WORDS["print"]
_STRANGER: Final = tuple(_WORDS["opening"]["stranger"])
_THIS_MAIL: Final = tuple(_WORDS["opening"]["this_mail"])
_DEVICE: Final = tuple(_WORDS["device"]["starts"])
_ASKS: Final = tuple(_WORDS["survey"]["asks"])
_OFFERS: Final = tuple(_WORDS["survey"]["offers"])
_SENTENCE: Final = re.compile(r"[^.!?\n\u3002\uff01]{0,600}+[.!?\u3002\uff01\])]*\s*+")
_TAG: Final = re.compile(r"[\s*#]{0,6}[\[\u3010({]\s?([^\[\]\u3010\u3011(){}\n]{2,40})[\]\u3011)}]")
_LABEL: Final = re.compile(
    r"[\W_]{0,12}((?:[^\W\d_]{2,20}[ -]{0,2}){1,4})\s?[:!\uff1a\uff01\u3011\u2013\u2014-]"
)
_I: Final = re.compile(r"\b(?:i|i'm|i've|i'd|my|mine|ich|mein|meine|je|j'ai|mon|ma|yo|mi)\b")
_DELIMITER: Final = re.compile(r"(?m)^(?:--|\u2014|\u2013\u2013)[ \t\u00a0]{0,3}$")
_SIGNED: Final = re.compile(r"[|\u2022\u00b7\u2503]|\[[A-Z_]{3,12}\]")
_PARTICLES: Final = frozenset((
    "de", "da", "di", "van", "von", "der", "den", "of", "and", "und", "y", "et", "e", "for", "at",
    "the", "la", "le", "du", "el", "al", "bin", "zu", "im",
))  # fmt: skip
_FACES: Final = frozenset("😡😠🤬😞😟🙁☹😐😑🙂😊😀😃😄😍🤩⭐★☆👍👎")
_OPTION_WORDS: Final = 8
_LINK: Final = re.compile(r"https?://\S{1,2000}+|<[^<>\s]{1,500}>")


@dataclass(frozen=True, slots=True)
class Aside:
    """A half-open range of a text, and what stands there."""

    start: int
    end: int
    kind: str


def asides(text: str, role: str = "") -> tuple[Aside, ...]:
    """Everything in a turn that is nobody's words to anybody, in order."""
    end = banner_end(text)
    found = [Aside(0, end, BANNER)] if end else []
    below = _below(text, end, role) if "\n" in text else ()  # nothing stands below a single line
    return (*found, *below)


def banner_end(text: str) -> int:
    """Where a gateway's warning above a message is over; 0 where there is none, or nothing else."""
    head = text[:MAX_BANNER]
    start = len(head) - len(head.lstrip())
    first_line, _, _ = head[start:].partition("\n")
    folded = _folded(first_line)
    if any(words in folded for words in _STRANGER):
        return _or_nothing(text, _paragraph_end(text, start))
    tag = _TAG.match(head, start)
    tagged = tag is not None and (_speaks_of(_folded(tag[1]), "outside") or tag[1].upper() == "EXT")
    if (
        not tagged
        and not _labelled(first_line)
        and not folded.lstrip("*_#!-= ").startswith(_THIS_MAIL)
    ):
        return 0
    end = _warned_until(head, start)
    if end:
        return _or_nothing(text, end)
    return _or_nothing(text, tag.end()) if tag is not None and tagged else 0


def is_warning(text: str) -> bool:
    """True of what stands in a box above a mail and warns of its sender, links or attachments."""
    folded = _folded(text[: MAX_BANNER + 1])
    if len(text) > MAX_BANNER or _I.search(folded):
        return False
    if any(words in folded for words in _STRANGER):
        return True
    return any(_speaks_of(folded, group) for group in ("outside", "danger", "link", "sender"))


def closings(texts: Sequence[str]) -> list[int]:
    """Where the lines begin that recur below most of one agent's turns; else the text's length."""
    split = [_closing_lines(text) for text in texts]
    ends: Counter[tuple[str, ...]] = Counter()
    for lines in split:
        bare = [line for line, _ in lines]
        ends.update(tuple(bare[at:]) for at in range(1, len(bare)))
    worded = sum(1 for lines in split if lines)
    usual = {end for end, count in ends.items() if count >= 2 and count * 2 > worded}
    return [
        _closing_start(lines, usual, len(text)) for lines, text in zip(split, texts, strict=True)
    ]


def _closing_lines(text: str) -> list[tuple[str, int]]:
    """The last lines with words, each with its place; one more stands above what may recur."""
    found: list[tuple[str, int]] = []
    end = len(text)
    while end > 0 and len(found) <= MAX_CLOSING:
        start = text.rfind("\n", 0, end) + 1
        line = " ".join(text[start:end].split())
        if any(map(str.isalnum, line)):
            found.append((line, start))
        end = start - 1
    return found[::-1]


def _closing_start(lines: list[tuple[str, int]], usual: set[tuple[str, ...]], whole: int) -> int:
    bare = [line for line, _ in lines]
    return next((lines[at][1] for at in range(1, len(bare)) if tuple(bare[at:]) in usual), whole)


def _folded(text: str) -> str:
    return text.casefold().replace("\u2019", "'").replace("\u00a0", " ")


def _speaks_of(folded: str, group: str) -> bool:
    return any(word in folded for word in _WARNING[group])


def _labelled(line: str) -> bool:
    """True if a line begins with a label such as `CAUTION:` or `Externe E-Mail -`."""
    match = _LABEL.match(line[:100])
    if match is None:
        return False
    folded = _folded(match[1])
    return any(_speaks_of(folded, group) for group in ("danger", "outside"))


def _warned_until(head: str, start: int) -> int:
    """Past the sentences of a warning, if they speak of enough that warnings speak of."""
    spoken: set[str] = set()
    end = position = start
    while position < len(head):
        match = _SENTENCE.match(head, position)
        if match is None or match.end() == position:
            break
        folded = _folded(match[0])
        groups = {group for group in _WARNING if _speaks_of(folded, group)}
        if _I.search(folded) or (not groups and (spoken or len(match[0]) > 60)):
            break
        spoken |= groups
        position = match.end()
        end = position if groups else end
        if groups and "\n\n" in match[0] and len(spoken) > 1:
            break
    tells = spoken & {"outside", "danger"} or spoken >= {"sender", "link"}
    return end if tells and len(spoken) > 1 else 0


def _paragraph_end(text: str, start: int) -> int:
    end = text.find("\n\n", start)
    line_end = text.find("\n", start)
    if 0 <= end - start <= MAX_BANNER:
        return end
    return line_end if line_end >= 0 else len(text)


def _or_nothing(text: str, end: int) -> int:
    """The end, unless no words would be left."""
    return end if any(map(str.isalnum, text[end:])) else 0


def _below(text: str, first: int, role: str) -> Iterator[Aside]:
    """What stands below the words, from the top down."""
    found: list[Aside] = []
    end = len(text)
    start = _signature_start(text, first)
    if start is not None:
        found.append(Aside(start, end, SIGNATURE))
        end = start
    floor = max(first, end - MAX_LOOKED_AT)
    while end > floor and len(found) < MAX_BELOW:
        one = _last(text, floor, end, role)
        if one is None:
            break
        found.append(one)
        end = one.start
    yield from reversed(found)


def _last(text: str, floor: int, end: int, role: str) -> Aside | None:
    """The last paragraph or line before `end`, if it is small print, a survey or a phone's."""
    bare_end = floor + len(text[floor:end].rstrip())
    if bare_end <= floor:
        return None
    paragraph = max(text.rfind("\n\n", floor, bare_end) + 2, floor) if bare_end else floor
    for start in dict.fromkeys((paragraph, max(text.rfind("\n", floor, bare_end) + 1, floor))):
        said = text[start:bare_end]
        if len(said) > MAX_PRINT:
            continue
        if _is_small_print(said):
            return Aside(start, end, SMALL_PRINT)
        if _is_survey(said, role):
            return Aside(start, end, SURVEY)
    return None


def _is_small_print(said: str) -> bool:
    folded = _folded(said).strip(" \t\n*_-<")
    if folded.startswith(_DEVICE):
        return len(said) < 300
    if _I.search(folded):
        return False
    groups = {name for name, words in _PRINT.items() if any(word in folded for word in words)}
    sure = groups & {"secret", "addressee"} or groups >= {"this_mail", "mistake"}
    sure = sure or "company" in groups
    alone = "company" in groups and len(said) < 300
    return bool(sure) and (len(groups) > 1 or alone)


def _is_survey(said: str, role: str) -> bool:
    """True if every line asks how the service was, or is an answer to click on."""
    lines = [line for line in said.split("\n") if line.strip()]
    faces = [len(_FACES & set(line)) for line in lines]
    rows = [
        count > 1 and len(line.split()) <= 2 * _OPTION_WORDS
        for count, line in zip(faces, lines, strict=True)
    ]
    if lines and all(rows):
        return True
    if role == "customer":
        return False
    folded = [_folded(line) for line in lines]
    asks = [any(words in line for words in _ASKS) for line in folded]
    offers = [_is_offer(line) for line in folded]
    every = all(map(any, zip(asks, offers, rows, strict=True)))
    pair = sum(offers) > 1 and any("satisf" in line or "zufrieden" in line for line in folded)
    return every and (any(asks) or pair)


def _is_offer(folded: str) -> bool:
    bare = _LINK.sub(" ", folded)
    words = bare.split()
    if not words:
        return bool(folded.strip())
    return len(words) <= _OPTION_WORDS and any(word in bare for word in _OFFERS)


def _signature_start(text: str, first: int) -> int | None:
    """Where the delimiter `-- ` of a signature stands; None where it only divides a message."""
    marks = list(_DELIMITER.finditer(text, max(first, len(text) - MAX_LOOKED_AT)))
    if not marks:
        return None
    mark = marks[-1]
    above, below = text[first : mark.start()].rstrip(), text[mark.end() :].strip()
    if not any(map(str.isalnum, above)) or len(below) > MAX_SIGNATURE:
        return None
    if above.endswith((":", "\uff1a")) or not below:
        return None
    return mark.start() if _is_signed(below) else None


def _is_signed(below: str) -> bool:
    """True if a name, a company or small print stands first, and not a list or a sentence."""
    lines = [line.strip() for line in below.split("\n") if line.strip()]
    first = lines[0]
    if _SIGNED.search(first) or _is_small_print(below):
        return True
    alike = len(lines) > 1 and "@" in first and "@" in lines[1]
    words = [word for word in re.split(r"[\s,/()&-]+", first) if any(map(str.isalpha, word))]
    named = bool(words) and len(words) <= 8 and not first.endswith((".", "?", "!", ":"))
    return (
        named
        and not alike
        and not any(word[0].islower() and word not in _PARTICLES for word in words)
        and not _I.match(_folded(first))
    )
