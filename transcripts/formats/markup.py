"""Words that stand in a table or in JSON as HTML: read as text, where they are HTML.

    plain(["<p>I&#39;m sorry</p>", "Thanks"])            # ["I'm sorry", "Thanks"]
    plain(["How do I use <b> in my signature?"])          # as it is: somebody writes about HTML

A text is HTML by itself where tags enclose all of it. A tag or an entity within it counts only
among others of its column or conversation that are.
"""

import html
import re
from collections.abc import Sequence
from typing import Final

from transcripts.formats.html_text import html_to_text

EDGE: Final = 400  # characters in which the first and the last tag are looked for

_TAGS: Final = (
    r"(?:a|abbr|article|b|blockquote|body|br|center|code|dd|div|dl|dt|em|font|h[1-6]|head|hr|html|i|"
    r"img|li|ol|p|pre|s|section|small|span|strong|style|table|tbody|td|th|thead|tr|u|ul)"
)
_OPENS: Final = re.compile(rf"<(?:!doctype\b|!--|{_TAGS}(?=[\s/>]))", re.IGNORECASE)
_CLOSES: Final = re.compile(
    rf"(?:</{_TAGS}\s{{0,5}}|<(?:br|hr|img)\b[^<>]{{0,300}}|--)>\Z", re.IGNORECASE
)
_TAG: Final = re.compile(r"<[^<>]*>")
_WITHIN: Final = re.compile(
    rf"\S<br\s?/?>|</{_TAGS}\s?>|&(?:nbsp|amp|quot|apos|lt|gt|#39|#x27|#160);", re.IGNORECASE
)


def plain(texts: Sequence[str]) -> list[str]:
    """The texts of one column or conversation, those that are HTML as what a reader would see."""
    if not any("<" in text or "&" in text for text in texts):
        return list(texts)
    enclosed = [_enclosed(text) for text in texts]
    touched = [
        bool(whole) or _WITHIN.search(text) is not None
        for whole, text in zip(enclosed, texts, strict=True)
    ]
    filled = sum(bool(text.strip()) for text in texts)
    mostly = sum(touched) * 2 >= filled and (any(enclosed) or sum(touched) > 1)
    return [
        html_to_text(whole or text) if whole or (mostly and has_marks) else text
        for text, whole, has_marks in zip(texts, enclosed, touched, strict=True)
    ]


def _enclosed(text: str) -> str:
    """The HTML that a whole text is, be it escaped once more; empty where it is none."""
    bare = text.strip()
    if bare.startswith("&lt;"):
        bare = html.unescape(bare)
    if not bare.startswith("<") or not bare.endswith(">"):
        return ""
    if not _OPENS.match(bare) or not _CLOSES.search(bare[-EDGE:]):
        return ""
    return bare if any(map(str.isalnum, _TAG.sub("", bare))) else ""
