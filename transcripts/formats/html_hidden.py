"""Which elements of HTML a reader never sees: hidden by a style of their own or of their class.

Senders put a line into the first hidden element that in-boxes show beside the subject; nobody
reads it in the mail.
"""

import re
from typing import Final

from transcripts.formats.html_tags import attribute

MAX_SHEET: Final = 60_000  # characters of a style sheet that are looked at

_NOTHING: Final = r"0(?:\.0{1,3})?(?:px|pt|em|rem|%)?(?:;|!|$)"
_HIDDEN: Final = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|mso-hide:all"
    rf"|opacity:{_NOTHING}|text-indent:-\d{{4}})"
)
_NO_HEIGHT: Final = re.compile(rf"(?:^|;)max-height:{_NOTHING}")
_NO_SIZE: Final = re.compile(rf"(?:^|;)font-size:{_NOTHING}")
_SIZE: Final = re.compile(r"(?:^|;)font(?:-size)?:[^;]{0,80}[1-9a-z]")
_COLOUR: Final = re.compile(r"(?:^|;)color:([^;!]{1,40})")
_BACKGROUND: Final = re.compile(r"(?:^|;)background(?:-color)?:([^;!]{1,40})")
_WHITE: Final = frozenset({"#fff", "#ffffff", "white", "rgb(255,255,255)"})
_MEDIA: Final = re.compile(r"@[a-z-]{2,20}[^{};]{0,300}\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\}?")
_COMMENT: Final = re.compile(r"/\*.{0,2000}?\*/", re.DOTALL)
_RULE: Final = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SELECTOR: Final = re.compile(r"(?:[a-z]{1,12})?([.#])([\w-]{1,80})")
_ATTRIBUTE: Final = re.compile(r"\shidden(?:\s|=|/|>)", re.IGNORECASE)

HIDDEN, NO_SIZE, SIZE = "hidden", "no size", "size"


class Sheets:
    """What the style sheets of a page hide, by class and by id."""

    def __init__(self, markup: str) -> None:
        self._classes: set[str] = set()
        self._ids: set[str] = set()
        self._coloured = "background" in markup or "bgcolor" in markup.lower()

    def read(self, sheet: str) -> None:
        """Take a style sheet in; what holds for some screens only does not count."""
        rules = _MEDIA.sub("", _COMMENT.sub("", sheet[:MAX_SHEET].lower()))
        for selectors, body in _RULE.findall(rules):
            if not _HIDDEN.search(_bare(body)):
                continue
            for selector in selectors.split(","):
                named = _SELECTOR.fullmatch(selector.strip())
                if named:
                    (self._classes if named[1] == "." else self._ids).add(named[2])

    def hides(self, tag: str) -> str:
        """Whether an element's words are hidden, have no size, have one again, or none of it."""
        style = _bare(attribute(tag, "style").lower()) if "style" in tag.lower() else ""
        if _HIDDEN.search(style) or (_NO_HEIGHT.search(style) and "overflow:hidden" in style):
            return HIDDEN
        if self._is_white_on_white(style) or _ATTRIBUTE.search(tag):
            return HIDDEN
        if self._classes and set(attribute(tag, "class").lower().split()) & self._classes:
            return HIDDEN
        if self._ids and attribute(tag, "id").lower() in self._ids:
            return HIDDEN
        if _NO_SIZE.search(style):
            return NO_SIZE
        return SIZE if _SIZE.search(style) else ""

    def _is_white_on_white(self, style: str) -> bool:
        """True where the page says it itself, or has no other ground than the white of paper."""
        colour, ground = _COLOUR.search(style), _BACKGROUND.search(style)
        if colour is None:
            return False
        if ground is not None:
            return colour[1] == ground[1] or {colour[1], ground[1]} <= _WHITE
        return colour[1] in _WHITE and not self._coloured


def _bare(style: str) -> str:
    """A style without blanks."""
    return "".join(style.split())
