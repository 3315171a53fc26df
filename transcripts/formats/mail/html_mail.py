"""A mail in HTML: where its markup says that words are quoted, or are a gateway's warning.

Programs mark what they quote by ids and classes that are the same in every language: Outlook's
`divRplyFwdMsg`, with `x_` before it once it has been forwarded; Yahoo's, Proton's, GMX's and
Zoho's boxes. Gmail's box may hold the writer's own words below a quote, so that only the line
above the quote is taken from it.
"""

import re
from dataclasses import dataclass
from typing import Final

from scorecards.boilerplate import is_warning
from transcripts.formats.html_tags import STAYS, attribute
from transcripts.formats.html_text import Line, html_to_text, read_page
from transcripts.formats.mail import reply_marks

QUOTED: Final = "quoted"
BOX: Final = "box"
MAX_BOX: Final = 900  # characters of a warning
LOOKED_AT: Final = 4_000  # characters of markup in which the headers of a quoted mail stand
MAX_TRIED: Final = 40  # rules that may stand above headers

_TO_THE_END: Final = frozenset({"divrplyfwdmsg", "appendonsend", "olk_src_body_section"})
_INSIDE: Final = frozenset(
    {"gmail_attr", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "tutanota_quote"}
    | {"zmail_extra", "mail-editor-reference-message-container", "ymail_quote", "hm_quote"}
    | {"quoted-content", "quote-header", "outlookmessageheader", "reply-history"}
)
_RULE_ABOVE: Final = re.compile(r"border-top:(?!none|0)[^;]{0,60}(?:solid|pt|px)", re.IGNORECASE)
_BORDER: Final = re.compile(
    r"border(?:-(?:left|top|color|width|style))?:(?!none|0(?:px|pt)?(?:;|$))"
)
_GROUND: Final = re.compile(
    r"background(?:-color)?:(?!#fff(?:fff)?\b|white|transparent|none|inherit)"
)
_BOXES: Final = frozenset({"table", "td", "div", "p", "span", "tr", "tbody"})
_FEWEST_LABELS: Final = 3


@dataclass(frozen=True, slots=True)
class HtmlMail:
    """The lines of a mail, which of them are quoted, and what was set aside before."""

    lines: tuple[str, ...]
    quoted: tuple[bool, ...]
    banner: str = ""
    hidden: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


def read_html_mail(markup: str) -> HtmlMail:
    """Read a body of HTML; nothing is called quoted where nothing else would be left."""
    page = read_page(markup, _Looking().kind_of)
    banner, lines = _without_warning(page.lines)
    quoted = tuple(line.kind == QUOTED for line in lines)
    own = (line.text for line, is_quoted in zip(lines, quoted, strict=True) if not is_quoted)
    if not any(map(_says_something, own)):
        quoted = (False,) * len(lines)
    return HtmlMail(tuple(line.text for line in lines), quoted, banner, page.hidden)


class _Looking:
    """Gives elements their kinds; rules and boxes are tried a bounded number of times."""

    def __init__(self) -> None:
        self._tried = 0
        self._boxes = 0

    def kind_of(self, name: str, tag: str, markup: str, end: int) -> str:
        if "=" not in tag:
            return ""
        words = _names(tag)
        if words & _TO_THE_END:
            return QUOTED + STAYS
        if words & _INSIDE or (name == "div" and attribute(tag, "name").lower() == "quote"):
            return QUOTED
        style = "".join(attribute(tag, "style").lower().split())
        if name == "div" and _RULE_ABOVE.search(style) and self._tried < MAX_TRIED:
            self._tried += 1
            if _holds_headers(markup[end : end + LOOKED_AT]):
                return QUOTED + STAYS
        if name in _BOXES and self._boxes < MAX_TRIED and _is_boxed(tag, style):
            self._boxes += 1
            return f"{BOX}{self._boxes}"
        return ""


def _names(tag: str) -> set[str]:
    """An element's id and classes, without what programs put before or behind them."""
    said = f"{attribute(tag, 'id')} {attribute(tag, 'class')}".lower().split()
    bare = {re.sub(r"^(?:x_)+", "", word) for word in said[:20]}
    return bare | {re.sub(r"[_-]?\d{1,20}$", "", word) for word in bare}


def _holds_headers(markup: str) -> bool:
    lines = [line for line in html_to_text(markup).split("\n") if line.strip()][:8]
    return bool(lines) and reply_marks.labels_in_a_row(lines) >= _FEWEST_LABELS


def _is_boxed(tag: str, style: str) -> bool:
    ground = attribute(tag, "bgcolor").lower().strip("#")
    border = attribute(tag, "border") not in ("", "0")
    coloured = ground not in ("", "fff", "ffffff", "white")
    return border or coloured or bool(_BORDER.search(style) or _GROUND.search(style))


def _without_warning(lines: tuple[Line, ...]) -> tuple[str, tuple[Line, ...]]:
    """Take off the box above all words, if it warns of the mail and is not all of it."""
    first = next((at for at, line in enumerate(lines) if _says_something(line.text)), None)
    if first is None or not lines[first].kind.startswith(BOX):
        return "", lines
    end = first
    while end < len(lines) and (lines[end].kind == lines[first].kind or not lines[end].text):
        end += 1
    box = "\n".join(line.text for line in lines[first:end]).strip()
    rest = lines[end:]
    left = any(_says_something(line.text) for line in rest if line.kind != QUOTED)
    if not left or len(box) > MAX_BOX or not is_warning(box):
        return "", lines
    return box, rest


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text))
