"""The new words of a mail, and the older mail that its program quoted below, above or between.

    split_reply("Thanks!\\n\\nOn Mon, 3 Jan 2022 at 10:12, Jo <jo@x.org> wrote:\\n> Done.")
    # Reply(text="Thanks!", quoted="On Mon, … wrote:\\n> Done.")

What is quoted is taken off only when a mark says so. A forwarded mail is kept whole, and so is one
that would otherwise be empty.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import quotequail
from mailparser_reply import EmailReplyParser

from scorecards.boilerplate import banner_end
from transcripts.formats.html_text import html_to_text
from transcripts.formats.mail import reply_marks
from transcripts.formats.mail.html_mail import HtmlMail, read_html_mail
from transcripts.formats.validation import MAX_TEXT

LIBRARY_TEXT: Final = 6_000  # characters that the slower libraries are given
LIBRARY_LINE: Final = 300
LIBRARY_HTML: Final = 40_000
LIBRARY_LINES: Final = 300  # of an HTML body
LANGUAGES: Final = ["en", "de", "fr", "es", "it", "nl", "da", "sv", "cs", "ja", "ko", "zh", "david"]

_RULE: Final = re.compile(r"[ \t]*[-_*=]{5,}[ \t]*")
_FOOTER: Final = re.compile(r"[ \t]*(?:--[ \t]*|_{20,}|-{20,}|Sent from my .{1,60})")
_SCRUBBED: Final = re.compile(r"-{10,} next part -{10,}")
_OPEN_LINK: Final = re.compile(r"(?:<(?:https?:|mailto:|www\.)|https?://)[^\s<>]*$")
_REST_OF_LINK: Final = re.compile(r"[^\s<>]{1,500}(?:>.{0,200}|(?<=[/=&%#?\d-])[^\s<>]{0,80})")
_EVIDENCE: Final = re.compile(r"@|\d{1,2}[:.]\d{2}|\d{4}")


@dataclass(frozen=True, slots=True)
class Reply:
    """A mail's own words, and what it quotes of others; together they are the whole body.

    `banner` is a gateway's warning that stood above, `hidden` what no reader of HTML sees.
    """

    text: str
    quoted: str = ""
    banner: str = ""
    hidden: str = ""


def split_reply(text: str, *, subject: str = "") -> Reply:
    """Tell the new words of a plain-text body from the quoted ones, in linear time."""
    whole = text.strip()
    end = banner_end(whole)
    banner, own = whole[:end].strip(), whole[end:].strip()
    if reply_marks.is_forward(subject):
        return Reply(own, banner=banner)
    body = _Body(own.split("\n"))
    body.mark()
    if not body.found:
        body.mark_by_library()
    return replace(body.reply() or Reply(own), banner=banner)


def split_html_reply(html: str, *, subject: str = "") -> Reply:
    """Cut quoted replies off an HTML body, where the markup tells more than the words."""
    page = read_html_mail(html)
    if not any(page.quoted) or reply_marks.is_forward(subject):
        found = split_reply(page.text, subject=subject)
        if not found.quoted and not reply_marks.is_forward(subject):
            found = _by_library(html, page, subject) or found
    else:
        body = _Body(list(page.lines), page.quoted)
        body.mark()
        found = body.reply() or Reply(page.text)
    banner = "\n\n".join(filter(None, (page.banner, found.banner)))
    return replace(found, banner=banner, hidden=page.hidden)


def _by_library(html: str, page: HtmlMail, subject: str) -> Reply | None:
    """What a library that knows more programs finds quoted in HTML; None where it finds nothing."""
    unwrapped = _unwrapped(html) if _is_short(html, page.text) else {}
    above = html_to_text(unwrapped.get("html_top", ""))
    below = html_to_text(unwrapped.get("html_bottom", ""))
    quoted = html_to_text(unwrapped.get("html", ""))
    if not quoted or not _says_something(above + below):
        return None
    own = split_reply("\n\n".join(part for part in (above, below) if part), subject=subject)
    return replace(own, quoted="\n\n".join(part for part in (quoted, own.quoted) if part))


class _Body:
    """The lines of a body, and which of them are quoted."""

    def __init__(self, lines: list[str], quoted: Sequence[bool] = ()) -> None:
        self._lines = lines
        self._quoted = list(quoted) or [False] * len(lines)
        self._says = False  # whether new words have been met
        self._own = 0  # their characters
        self.found = any(quoted)

    def mark(self) -> None:
        """Go through the lines once and mark the quoted ones.

        It ends where the new words are more than a turn may hold: the mail will be refused.
        """
        index = 0
        while index < len(self._lines) and self._own <= MAX_TEXT:
            line = self._lines[index]
            if self._quoted[index]:
                index += 1
                continue
            end = self._quote_end(index)
            if end is not None:
                self._mark(index, end)
                index = end
            elif reply_marks.is_forward_mark(line):
                self.found = True
                return  # what follows is what the mail is about
            elif self._cuts(index):
                self._mark_rest(index)
                return
            else:
                pasted = self._pasted_end(index)
                if pasted is not None:
                    self._mark(index, pasted)
                    index = pasted
                    continue
                self._says = self._says or _says_something(line)
                self._own += len(line.strip())
                index += 1
        self._mark_footer()

    def mark_by_library(self) -> None:
        """Ask a library that knows more programs; it is given a bounded beginning of the text."""
        start = _library_cut(self._lines)
        if start is not None and _says_something("".join(self._lines[:start])):
            self._mark_rest(start)

    def reply(self) -> Reply | None:
        """Both halves; None where no new words would be left."""
        pairs = list(zip(self._lines, self._quoted, strict=True))
        own = "\n".join(line for line, quoted in pairs if not quoted).strip()
        if not _says_something(own):
            return None
        return Reply(own, "\n".join(line for line, quoted in pairs if quoted).strip())

    def _quote_end(self, start: int) -> int | None:
        """Past a block of `>` lines that begins here, with the attribution above it."""
        first = start
        if not _is_quote(self._lines[start]):
            attributed = reply_marks.attribution_end(self._lines, start)
            first = self._next_words(start + 1 if attributed is None else attributed)
            if first >= len(self._lines) or not _is_quote(self._lines[first]):
                return None
            introduced = reply_marks.introduces(self._lines[start], self._lines[first])
            if attributed is None and not introduced:
                return None
        end = first
        while end < len(self._lines) and _is_quote(self._lines[end]):
            end += 1 + self._wrapped(end)
            after = self._next_words(end)
            if after < len(self._lines) and _is_quote(self._lines[after]):
                end = after
        return end

    def _wrapped(self, index: int) -> int:
        """1 if a link of this quoted line goes on in the line below without a mark before it."""
        below = self._lines[index + 1] if index + 1 < len(self._lines) else ""
        if not below.strip() or _is_quote(below):
            return 0
        open_link = _OPEN_LINK.search(self._lines[index][-LIBRARY_LINE:])
        return int(open_link is not None and _REST_OF_LINK.fullmatch(below.strip()) is not None)

    def _cuts(self, index: int) -> bool:
        """True if everything from here on is an older mail without `>` before its lines."""
        line = self._lines[index]
        if not self._says or not line.strip():
            return False
        return (
            reply_marks.is_separator(line)
            or reply_marks.is_reply_mark(line)
            or reply_marks.is_notes_mark(line)
            or _SCRUBBED.fullmatch(line.strip()) is not None
            or reply_marks.attribution_end(self._lines, index) is not None
            or reply_marks.header_block_end(self._lines, index) is not None
        )

    def _pasted_end(self, index: int) -> int | None:
        """Past the headers of the mail itself where they stand above its first words."""
        if self._says or not self._lines[index].strip():
            return None
        line = self._lines[index]
        if reply_marks.is_separator(line) or reply_marks.is_reply_mark(line):
            return index + 1
        block = reply_marks.header_block_end(self._lines, index)
        return block or reply_marks.attribution_end(self._lines, index)

    def _next_words(self, index: int) -> int:
        """The next line that is not blank, at most a few lines on."""
        for _ in range(3):
            if index >= len(self._lines) or self._lines[index].strip():
                break
            index += 1
        return index

    def _mark(self, start: int, end: int) -> None:
        self.found = True
        self._quoted[start:end] = [True] * (end - start)

    def _mark_rest(self, start: int) -> None:
        """From this line to the end, with the rule that a program draws above it."""
        above = start - 1
        while above >= 0 and not self._lines[above].strip():
            above -= 1
        if above >= 0 and _RULE.fullmatch(self._lines[above]):
            start = above
        self._mark(start, len(self._lines))

    def _mark_footer(self) -> None:
        """A signature or a mailing list's notice below the last quote is nobody's new words."""
        last = len(self._lines) - 1
        while last >= 0 and not self._quoted[last]:
            last -= 1
        first = self._next_words(last + 1)
        if last >= 0 and first < len(self._lines) and _FOOTER.fullmatch(self._lines[first]):
            self._mark(first, len(self._lines))


def _is_quote(line: str) -> bool:
    return line.lstrip(" \t").startswith((">", "|>")) and not line.startswith(">From ")


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _is_short(html: str, text: str) -> bool:
    """True if quotequail may look: its time goes with the square of the lines."""
    lines = text.split("\n", LIBRARY_LINES)
    few = len(html) <= LIBRARY_HTML and html.count("<") <= 10 * LIBRARY_LINES
    return few and len(lines) <= LIBRARY_LINES and not any(map(reply_marks.is_forward_mark, lines))


def _library_cut(lines: list[str]) -> int | None:
    """The line on which mail-parser-reply sees the first quoted mail begin, or None."""
    beginning = [
        line.strip()[:LIBRARY_LINE] for line in "\n".join(lines)[:LIBRARY_TEXT].split("\n")
    ]
    if not any(line.endswith(reply_marks.COLONS) or ": " in line[:20] for line in beginning):
        return None
    header = _library_header("\n".join(beginning))
    first = header.split("\n", 1)[0].strip()
    if not first or not _EVIDENCE.search(header):
        return None
    return next((index for index, line in enumerate(beginning) if line == first), None)


def _library_header(text: str) -> str:
    """The first header found. The library promises nothing for odd input: then there is none."""
    try:
        replies = EmailReplyParser(languages=list(LANGUAGES)).read(text).replies
        return str(replies[1].headers or "").strip() if len(replies) > 1 else ""
    except Exception:  # a text that it stumbles over is kept whole
        return ""


def _unwrapped(html: str) -> dict[str, str]:
    """quotequail's view of an HTML mail. It promises nothing for odd markup: then none."""
    try:
        return quotequail.unwrap_html(html) or {}
    except Exception:  # markup that it stumbles over is read as text
        return {}
