"""HTML as mail programs and help desks write it, to plain text for reading and scoring.

    html_to_text("<p>Hi Dana,</p><ul><li>one</li></ul>")    # "Hi Dana,\\n\\n- one"

Block tags become line breaks, list items `- ` or `1. `, quotes `> `. Scripts, styles, comments and
what nobody sees are dropped, entities decoded. No tree is built: time is linear, memory flat,
whatever the nesting.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from transcripts.formats.html_hidden import HIDDEN, NO_SIZE, SIZE, Sheets
from transcripts.formats.html_tags import Kinds

MAX_NESTING: Final = 10  # lists or quotes shown inside one another
MAX_UNCLOSED: Final = 50  # attributes without a closing quote; after them quotes are not heeded
MAX_TAG: Final = 2_000  # characters of a tag looked at for an alternative text
MAX_EMOJI: Final = 8  # characters of a picture's alternative text that stands for an emoji

_DROPPED: Final = frozenset({"script", "style", "title", "noframes", "xmp", "iframe"})
_PARAGRAPHS: Final = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote"}
)
_LINES: Final = frozenset(
    {"address", "article", "aside", "body", "br", "caption", "center", "dd", "details", "div"}
    | {"dt", "fieldset", "figure", "footer", "form", "header", "hr", "html", "li", "main", "nav"}
    | {"section", "summary", "tbody", "tfoot", "thead", "title", "tr"}
)
_BLOCKS: Final = (_PARAGRAPHS | _LINES) - {"br"}
_CELLS: Final = frozenset({"td", "th"})
_BLANKS: Final = re.compile(r"[ \t\n\r\f]+")
_OPENING: Final = re.compile(r"<(?:!--|[!?]|(/?)([A-Za-z][A-Za-z0-9:_-]{0,40}))")
_DELIMITER: Final = re.compile("[>\"']")
_ENDLESS_NUMBER: Final = re.compile(r"&(?=#\d{8})")
_ALTERNATIVE: Final = re.compile(r"\salt\s{0,5}=\s{0,5}[\"']([^\"'<>]{1,20})[\"']", re.IGNORECASE)


# The kind of an element by its name, its tag and all that follows it; empty for most.
KindOf = Callable[[str, str, str, int], str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, and the kind of the element that it stands in."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The lines that a reader sees, and the words that none does."""

    lines: tuple[Line, ...]
    hidden: str = ""

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines).strip()


def html_to_text(markup: str) -> str:
    """The words of HTML in lines, without blank ones at the ends or two in a row."""
    return read_page(markup).text


def read_page(markup: str, kind_of: KindOf | None = None) -> Page:
    """The lines of HTML, told apart by the kinds that `kind_of` gives to elements.

    Where every word is hidden, none is.
    """
    if not markup or markup.isspace():
        return Page(())
    page = _read(markup, kind_of, Sheets(markup))
    if page.hidden and not any(map(str.isalnum, page.text)):
        return _read(markup, kind_of, None)
    return page


def _read(markup: str, kind_of: KindOf | None, sheets: Sheets | None) -> Page:
    page = _Lines()
    scanner = _Scanner(markup)
    position = 0
    for opening in iter(scanner.next_opening, None):
        page.words(markup[position : opening.start()])
        position = opening.start()
        end = scanner.end_of(opening)
        if end is None:
            break
        name = (opening[2] or "").lower()
        if name and opening[1]:
            page.close(name)
        elif name:
            tag = markup[position : min(end, position + MAX_TAG)]
            kind = kind_of(name, tag, markup, end) if kind_of else ""
            page.open(name, tag, kind or (sheets.hides(tag) if sheets and "=" in tag else ""))
        if name in _DROPPED and not opening[1]:
            after = scanner.after_element(name, end)
            if name == "style" and sheets:
                sheets.read(markup[end:after])
            end = after
        scanner.position = position = end
    page.words(markup[position:])
    return page.page()


def decode_entities(text: str) -> str:
    """`html.unescape` for text by strangers: a number too long for a character stays as it is."""
    return html.unescape(_ENDLESS_NUMBER.sub("&amp;", text))


class _Scanner:
    """Finds tags and their ends; what was looked for in vain is not looked for again."""

    def __init__(self, markup: str) -> None:
        self.position = 0
        self._markup = markup
        self._unclosed = 0
        self._missing: set[str] = set()

    def next_opening(self) -> re.Match[str] | None:
        return _OPENING.search(self._markup, self.position)

    def end_of(self, opening: re.Match[str]) -> int | None:
        """Where the tag, comment or declaration is over; None if it never is."""
        if opening[0] == "<!--":
            return self._after("-->", opening.end()) or self._after(">", opening.end())
        if opening[2] and self._unclosed < MAX_UNCLOSED:
            return self._after_tag(opening.end())
        return self._after(">", opening.end())

    def after_element(self, name: str, position: int) -> int:
        """Where the element's end tag is over; code without one goes on to the end of the text."""
        if name in self._missing:
            return position
        closing = re.compile(rf"</{name}\b[^>]{{0,100}}>?", re.IGNORECASE)
        found = closing.search(self._markup, position)
        if found:
            return found.end()
        self._missing.add(name)
        return position if name == "title" else len(self._markup)

    def _after(self, mark: str, position: int) -> int | None:
        if mark in self._missing:
            return None
        found = self._markup.find(mark, position)
        if found >= 0:
            return found + len(mark)
        self._missing.add(mark)
        return None

    def _after_tag(self, start: int) -> int | None:
        """The first `>` outside of quotes, else the first `>`."""
        position = start
        while found := _DELIMITER.search(self._markup, position):
            if found[0] == ">":
                return found.end()
            closing = self._markup.find(found[0], found.end())
            if closing < 0:
                break
            position = closing + 1
        self._unclosed += 1
        return self._after(">", start)


class _Lines:
    """Lines as they grow: the current one, and how deep in lists and quotes it stands."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._hidden: list[str] = []
        self._kinds = Kinds()
        self._sees, self._kind = True, ""
        self._line: list[str] = []
        self._marker = ""
        self._numbers: list[int | None] = []
        self._deeper_lists = 0
        self._quotes = 0
        self._preformatted = 0

    def words(self, raw: str) -> None:
        if not raw:
            return
        if not self._sees:
            self._hidden.append(raw)
            return
        if not self._preformatted:
            self._line.append(_BLANKS.sub(" ", raw))
            return
        first, *others = raw.replace("\r\n", "\n").split("\n")
        self._line.append(first)
        for line in others:
            self._end_line()
            self._line.append(line)

    def open(self, name: str, tag: str, kind: str = "") -> None:
        block = name in _BLOCKS
        if block or (kind and kind not in (HIDDEN, NO_SIZE, SIZE)):
            self._end_line()
        if kind or self._kinds:
            self._kinds.open(name, kind, block=block)
            self._look()
        if name == "br":
            self._end_line(keep_blank=True)
        elif name in _CELLS:
            self._line.append(" ")
        elif name == "img" and self._sees:
            self._line.append(_emoji(tag))
        if name in _PARAGRAPHS and not (name in ("ul", "ol") and self._numbers):
            self._blank_line()
        self._enter(name)

    def close(self, name: str) -> None:
        if name in _BLOCKS:
            self._end_line()
        if self._kinds:
            kind = self._kind
            self._kinds.close(name)
            self._look()
            if kind != self._kind:
                self._end_line(kind=kind)
        self._leave(name)
        if name in _PARAGRAPHS and not (name in ("ul", "ol") and self._numbers):
            self._blank_line()

    def page(self) -> Page:
        """All lines, without two blank ones in a row."""
        self._end_line()
        kept: list[Line] = []
        for line in self._lines:
            if line.text.strip("> ") or (kept and kept[-1].text.strip("> ")):
                kept.append(line)
        return Page(tuple(kept), _BLANKS.sub(" ", decode_entities(" ".join(self._hidden))).strip())

    def _look(self) -> None:
        """See what holds here: whether words are seen, and of which kind they are."""
        kinds = self._kinds.all()
        sizes = [kind for kind in kinds if kind in (NO_SIZE, SIZE)]
        self._sees = HIDDEN not in kinds and sizes[-1:] != [NO_SIZE]
        others = [kind for kind in kinds if kind not in (HIDDEN, NO_SIZE, SIZE)]
        self._kind = others[-1] if others else ""

    def _enter(self, name: str) -> None:
        if name == "li":
            self._marker = self._next_marker()
        elif name in ("ul", "ol"):
            if len(self._numbers) < MAX_NESTING:
                self._numbers.append(0 if name == "ol" else None)
            else:
                self._deeper_lists += 1
        elif name == "blockquote":
            self._quotes += 1
        elif name == "pre":
            self._preformatted += 1

    def _leave(self, name: str) -> None:
        if name in ("ul", "ol"):
            self._marker = ""
            if self._deeper_lists:
                self._deeper_lists -= 1
            elif self._numbers:
                self._numbers.pop()
        elif name == "blockquote":
            self._quotes = max(0, self._quotes - 1)
        elif name == "pre":
            self._preformatted = max(0, self._preformatted - 1)

    def _next_marker(self) -> str:
        indent = "  " * max(0, len(self._numbers) - 1)
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            return f"{indent}- "
        self._numbers[-1] = number + 1
        return f"{indent}{number + 1}. "

    def _prefix(self) -> str:
        return "> " * min(self._quotes, MAX_NESTING)

    def _end_line(self, *, keep_blank: bool = False, kind: str | None = None) -> None:
        raw = decode_entities("".join(self._line)).replace("\u00a0", " ")
        self._line.clear()
        said = raw.rstrip() if self._preformatted else _BLANKS.sub(" ", raw).strip()
        if said:
            line = f"{self._prefix()}{self._marker}{said}"
            self._lines.append(Line(line, self._kind if kind is None else kind))
            self._marker = ""
        elif keep_blank or self._preformatted:
            self._blank_line()

    def _blank_line(self) -> None:
        self._lines.append(Line(self._prefix().rstrip(), self._kind))


def _emoji(tag: str) -> str:
    """What a picture says in place of an emoji; nothing for any other picture."""
    found = _ALTERNATIVE.search(tag)
    said = decode_entities(found[1]) if found else ""
    is_emoji = len(said) <= MAX_EMOJI and any(ord(character) > 0x2000 for character in said)
    return said if is_emoji else ""
