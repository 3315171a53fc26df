"""Every text of the templates goes through gettext: what a person reads can be translated."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings
from django.template.base import Lexer, Token, TokenType

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Names and formats: the same in every language. What stands in these elements is none either.
NO_LANGUAGE = {"Heard", "CSV", "XLSX", "JSON", "URL", "API", "OpenAPI", "v", "s", "n"}
UNREAD = {"script", "style", "kbd", "code", "pre"}
READ_ATTRIBUTES = {
    "aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt",
    "data-label", "label",
}  # fmt: skip
WORD = re.compile(r"[^\W\d_]+")
# What is translated already, and the block that names classes.
OPENS = re.compile(r"blocktrans(late)?\b|block page_class\b")
CLOSES = re.compile(r"end(block|blocktrans|blocktranslate)\b")
LITERAL = re.compile(r"""(?P<before>_\(|)(["'])(?P<text>.*?)\2""")
# A literal that reads as a text begins with a capital, or has a space between words.
READS = re.compile(r"[A-Z][a-z]|[^<>{}]*[a-z] [a-z]")
PASSED = ("include", "with", "firstof", "cycle", "widthratio")
FILTERS = re.compile(r"""\|(?:default|default_if_none|yesno|join|add):(?P<literal>(["']).*?\2)""")


def test_every_text_of_a_template_can_be_translated() -> None:
    wrong = [fault for name in sorted(_names()) for fault in _faults(name)]
    assert not wrong, "not in translate or blocktranslate:\n" + "\n".join(wrong)


def test_a_text_outside_of_gettext_is_found() -> None:
    found = _found(
        """<h1 aria-label="Two words">{% translate "Fine" %}</h1>
{% blocktranslate %}Fine {{ n }} as well{% endblocktranslate %}
<p class="one two">{{ n }} moment{{ n|pluralize }}</p><kbd>Ctrl</kbd>
{% include "x.html" with title="Not fine" text=_("Fine here") kind="info" only %}
{{ name|default:"the agent" }} {{ at|date:"j M Y" }} {{ back|default:"queue" }}
"""
    )
    assert found == [
        (1, "Two words"),
        (3, "moment"),
        (3, "pluralize"),
        (4, "Not fine"),
        (5, "the agent"),
    ]


def _names() -> set[str]:
    files = [*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")]
    return {file.relative_to(TEMPLATES).as_posix() for file in files}


def _faults(name: str) -> Iterator[str]:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    return (f"templates/{name}:{line}: {words}" for line, words in _found(source))


def _found(source: str) -> list[tuple[int, str]]:
    """The texts outside of gettext, each with its line."""
    reader, inside = _Reader(), False
    for token in Lexer(source).tokenize():
        tag = token.contents if token.token_type is TokenType.BLOCK else ""
        if OPENS.match(tag):
            inside = True
        elif inside and CLOSES.match(tag):
            inside = False
        elif token.token_type is TokenType.TEXT and not inside:
            reader.take(token.contents, token.lineno)
        elif token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            reader.found.extend((token.lineno, words) for words in _literals(token))
    reader.close()
    return sorted(reader.found)


def _literals(token: Token) -> Iterator[str]:
    """The texts that a tag passes on, and endings that are glued to a count."""
    if "|pluralize" in token.contents:
        yield "pluralize"
    contents = re.sub(r"""\|(date|time):(["']).*?\2""", "", token.contents)
    passes = token.token_type is TokenType.BLOCK and contents.startswith(PASSED)
    parts = [contents] if passes else [one["literal"] for one in FILTERS.finditer(contents)]
    for part in parts:
        for literal in LITERAL.finditer(part):
            if not literal["before"] and READS.match(literal["text"]):
                yield literal["text"]


class _Reader(HTMLParser):
    """Reads a template whose tags were taken out, and remembers where each piece stood."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.unread: list[str] = []
        self.lines: list[int] = []  # of the template, by the line of what is fed

    def take(self, text: str, line: int) -> None:
        """Read on with `text`, which begins on this line of the template."""
        rows = text.split("\n")
        if not self.lines:
            self.lines.append(line)
        self.lines.extend(line + number for number in range(1, len(rows)))
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNREAD:
            self.unread.append(tag)
        for name, value in attrs:
            if name in READ_ATTRIBUTES and value:
                self._note(value)

    def handle_endtag(self, tag: str) -> None:
        if self.unread and self.unread[-1] == tag:
            self.unread.pop()

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self._note(data)

    def _note(self, text: str) -> None:
        if set(WORD.findall(text)) - NO_LANGUAGE:
            start, _ = self.getpos()
            before = text[: len(text) - len(text.lstrip())].count("\n")
            at = min(start - 1 + before, len(self.lines) - 1)
            self.found.append((self.lines[at], " ".join(text.split())))
