"""Citations, warnings, signatures, small print and surveys are shown, and never scored."""

import pytest

from scorecards.boilerplate import asides
from scorecards.empathy import load_pack, prescore
from scorecards.empathy.gold import Turn
from scorecards.empathy.text import prepare, prepare_all


@pytest.mark.parametrize(
    ("said", "cited"),
    [
        ('You wrote "I am so sorry" to us.', 'You wrote "I am so sorry"'),
        ("The letter says 'we apologise', right?", "The letter says 'we apologise'"),
        (
            "In it you said \u201cI\u2019m furious\u201d.",
            "it you said \u201cI\u2019m furious\u201d",
        ),
        ('You wrote:\n"I am so sorry."\nAnn', 'You wrote:\n"I am so sorry."'),
        ('Your remark "I am so sorry" is noted.', 'Your remark "I am so sorry"'),
        ('"I am so sorry," you told us.', '"I am so sorry," you told'),
        ("\u201cSo sorry!\u201d \u2013 Ann Lee, May", "\u201cSo sorry!\u201d \u2013 Ann Lee,"),
        ("Your card read \u00abso sorry\u00bb.", "Your card read \u00abso sorry\u00bb"),
        ("Customer wrote: I am sorry. It is paid.", "Customer wrote: I am sorry."),
        ("You told us you were sorry, thank you.", "You told us you were sorry"),
        ("[Quoted from Ann: so sorry] Paid.", "[Quoted from Ann: so sorry]"),
        ('My son asked us all again and again "where is it"', '"where is it"'),
        ("You said it's late, and I'm sorry.", ""),
        ('I chose "fast" for you.', ""),
        ('I said "I am so sorry", and I mean it.', ""),
    ],
)
def test_what_is_cited_is_blank_and_nothing_else(said: str, cited: str) -> None:
    low = prepare(said).low
    assert len(low) == len(said)
    kept = said.replace(cited, " " * len(cited)) if cited else said
    assert low.split() == kept.lower().replace("\u2019", "'").split()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("CAUTION: This e-mail came from outside. Do not click links.\n\nHi, it broke.", "banner"),
        ("[EXTERNAL] Beware of phishing!\n\nHi, it broke.", "banner"),
        ("[EXT] Hi, it broke.", "banner"),
        ("You don't often get email from a@b.example. Learn why\n\nHi, it broke.", "banner"),
        ("U ontvangt niet vaak e-mail van a@b.example.\n\nHallo, het is stuk.", "banner"),
        ("VORSICHT: Externer Absender. Keine Anhänge öffnen.\nHallo, es ist kaputt.", "banner"),
        (
            "【注意】このメールは社外から届きました。リンクにご注意ください。\n\n壊れました",
            "banner",
        ),
        ("Friday.\n\n-- \nAnn Lee | Shop\nWe feel for you.", "signature"),
        ("Friday.\n--\nAnn Lee\nShop Care\nSo sorry for any trouble.", "signature"),
        ("Friday.\n\nSent from my phone, sorry for typos", "small_print"),
        (
            "Ok.\n\nThis mail is confidential. Sorry if it reached you in error.",
            "small_print",
        ),
        ("Friday.\n\nDieses Schreiben ist vertraulich; diese E-Mail bitte löschen.", "small_print"),
        ("Friday.\n\nHow did we do?\n😡 awful 😐 okay 😊 great", "survey"),
        ("Friday.\n\nHow would you rate us?\nGood, I'm satisfied\nBad, I'm unsatisfied", "survey"),
        # what only looks like it
        ("Please close these:\n\n--\nann@x.example\nbob@x.example\n\nThis scares me.", ""),
        ("First\n--\nI am furious and you know it", ""),
        ("ATTENTION: I am furious, the link in your mail does not work.\n\nAnn", ""),
        ("I got this email by mistake, please delete my account.", ""),
        ("You don't often get mail from me, but now I am furious.", ""),
        ("It was confidential and you told everybody, I am ashamed.", ""),
    ],
)
def test_what_is_nobodys_words_is_told(text: str, kinds: str) -> None:
    found = asides(text, "agent")
    assert " ".join(aside.kind for aside in found) == kinds
    for aside in found:
        assert not prepare(text, "agent").low[aside.start : aside.end].strip()


def test_a_survey_is_not_what_a_customer_says() -> None:
    said = "It broke.\n\nHow would you rate that?\nBad, I'm unsatisfied"
    assert asides(said, "customer") == ()


def test_lines_that_recur_below_an_agents_turns_are_not_scored() -> None:
    closing = "\nAnn Lee\nWe are so sorry for any trouble."
    turns = [
        Turn("customer", "I am furious, it broke again!"),
        Turn("agent", f"It comes on Friday.{closing}"),
        Turn("customer", f"Fine.{closing}"),
        Turn("agent", f"Anything else?{closing}"),
    ]
    lows = [text.low for text in prepare_all(turns)]
    assert [low.strip() for low in lows[1::2]] == ["it comes on friday.", "anything else?"]
    assert "sorry" in lows[2]
    found = prescore(turns, pack=load_pack())
    assert [moment.outcome for moment in found.moments] == ["missed"]


def test_nothing_that_is_set_aside_is_evidence() -> None:
    text = "A new one leaves on Friday.\n\n-- \nAnn | Shop\nWe understand how upset you are."
    turns = [Turn("customer", "I am furious, it broke again!"), Turn("agent", text)]
    found = prescore(turns, pack=load_pack())
    assert [moment.outcome for moment in found.moments] == ["missed"]
    quoted = "The notice reads 'we know you are worried'. I am furious about it, it broke again!"
    first = prescore([Turn("customer", quoted), turns[1]], pack=load_pack()).turns[0]
    assert first.cue is not None
    assert all("worried" not in quoted[one.start : one.end] for one in first.cue.evidence)


BAIT = [
    *('you said "', "your a b c 'x ", '"a" - ', "[quote ", "--\n", "caution: ", "external. "),
    *("sent from my\n", "a\n\n", "customer wrote: ", "-- \nAnn\n", "the the ", "😡"),
]


@pytest.mark.cpu_limit(30)
@pytest.mark.parametrize(
    "piece",
    BAIT,
)
def test_bait_for_what_is_set_aside_ends(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    assert len(prepare(text, "agent", None).low) == len(text)
    assert len(prepare_all([Turn("agent", text)] * 3)) == 3
