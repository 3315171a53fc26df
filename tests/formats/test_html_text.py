"""HTML of mails and help desks becomes plain text in lines, whatever its markup."""

import pytest

from benchmarks.baits import MARKUP, bait
from transcripts.formats.html_text import decode_entities, html_to_text

LONG = 700_000


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Hi&nbsp;Dana,<br>there</p><p>Bye</p>", "Hi Dana,\nthere\n\nBye"),
        ("<div>a<div>b</div></div>c", "a\nb\nc"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<ol><li>one</li><li>two<ul><li>x</li></ul></li></ol>", "1. one\n2. two\n  - x"),
        ("<blockquote>old<br>words</blockquote>new", "> old\n> words\n\nnew"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>x\n  y</pre>", "x\n  y"),
        ("<style>p{a:b}</style><!-- hid --><script>alert('<p>')</script>said", "said"),
        ("<title>no</title><!--[if mso]><p>no</p><![endif]-->yes", "yes"),
        ("1 &lt; 2 &amp; 3 < 4 <3", "1 < 2 & 3 < 4 <3"),
        ('<a href="a>b">link</a>', "link"),
        ('<p title="never closed>said', "said"),
        ("a <b and no more", "a <b and no more"),
        ('<img src="x" alt="\U0001f600"><img alt="Logo of us">', "\U0001f600"),
        ("plain words\nin two lines", "plain words in two lines"),
        ("", ""),
        ("&#99999999999999999999;&eacute;", "&#99999999999999999999;é"),
    ],
)
def test_markup_becomes_lines(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


@pytest.mark.cpu_limit(60)
@pytest.mark.parametrize("piece", MARKUP)
def test_bait_for_slow_parsers_ends(piece: str) -> None:
    said = html_to_text(bait("", piece, LONG) + "'")
    assert len(said) < 8 * LONG


def test_an_endless_number_is_no_character_and_no_error() -> None:
    assert decode_entities("&#" + "9" * 10_000) == "&#" + "9" * 10_000
