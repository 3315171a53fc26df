"""What holds for any input: shape, bounds, fitness, moments, the sorry ledger."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorecards.empathy import PreScore, load_pack, prescore, prescore_many
from scorecards.empathy.gold import Turn
from scorecards.empathy.model import OUTCOMES

ROLES = ("customer", "agent", "bot", "system", "unknown")
PROJECT = Path(__file__).resolve().parents[2]
SNIPPETS = (
    "I'm furious", "again", "sorry", "I understand your frustration", "!!", "?!", "😡", "\u2019",
    "calm down", "three weeks", "[CARD]", "\n> quoted", "thank god", "not", "…", '"', "İ",
    "I'd be upset too",
)  # fmt: skip

texts = st.one_of(
    st.text(max_size=80), st.lists(st.sampled_from(SNIPPETS), max_size=8).map(" ".join)
)
interactions = st.lists(st.builds(Turn, st.sampled_from(ROLES), texts), max_size=12)


def scored(*turns: tuple[str, str], language: str | None = None) -> PreScore:
    return prescore([Turn(*turn) for turn in turns], pack=load_pack(), language=language)


def outcomes(found: PreScore) -> list[tuple[int, tuple[int, ...], str, int]]:
    return [(m.cue_turn, m.response_turns, m.outcome, m.strength) for m in found.moments]


@settings(max_examples=150, deadline=None)
@given(interactions)
def test_any_interaction_gets_a_well_formed_answer(turns: list[Turn]) -> None:
    found = prescore(turns, pack=load_pack())
    assert found == prescore(turns, pack=load_pack())
    assert [(turn.index, turn.role) for turn in found.turns] == [
        (at, turn.role) for at, turn in enumerate(turns)
    ]
    for turn, given_turn in zip(found.turns, turns, strict=True):
        assert (turn.response is not None) == (turn.role == "agent")
        assert turn.cue is None or turn.role == "customer"
        marks = [turn.cue] if turn.cue else []
        if turn.response:
            marks += [turn.response.sympathy, turn.response.empathy, turn.response.dismissal]
        for mark in marks:
            assert 0 <= mark.confidence <= 1
            ends = [at for span in mark.evidence for at in (span.start, span.end)]
            assert ends == sorted(ends)
            assert all(0 <= span.start < span.end <= len(given_turn.text) for span in mark.evidence)
            assert all(span.reason for span in mark.evidence)
            assert bool(mark.evidence) == (getattr(mark, "level", 1) > 0)


@settings(max_examples=150, deadline=None)
@given(interactions)
def test_moments_join_a_cue_to_the_next_replies(turns: list[Turn]) -> None:
    found = prescore(turns, pack=load_pack())
    cues = [turn.index for turn in found.turns if turn.cue]
    used = [at for moment in found.moments for at in moment.response_turns]
    assert len(used) == len(set(used))
    for moment in found.moments:
        following = min([at for at in cues if at > moment.cue_turn], default=len(turns))
        assert moment.outcome in OUTCOMES
        assert (moment.strength > 0) == (moment.outcome == "empathy")
        assert 1 <= len(moment.response_turns) <= 2
        assert all(moment.cue_turn < at < following for at in moment.response_turns)
        assert 0 <= moment.confidence <= 1
    assert not set(used) & {one.response_turn for one in found.volunteered}
    assert (found.score.value is None) == (not found.moments)
    assert found.score.moments == len(found.moments)
    assert found.fitness.scorable or not found.moments
    assert found.fitness.scorable == (not found.fitness.reasons)


@pytest.mark.parametrize(
    ("turns", "language", "reason"),
    [
        ([], None, "one_sided"),
        ([("customer", "Hello? I am furious, nobody answers me.")], None, "one_sided"),
        ([("agent", "Hello there, how can I help you today?")], None, "one_sided"),
        ([("customer", "[noise]"), ("agent", "Hello, are you still there?")], None, "one_sided"),
        ([("customer", "no"), ("agent", "ok")], None, "too_short"),
        ([("bot", "Press one for sales."), ("customer", "I want a human")], None, "automated_only"),
        ([("system", "Chat started"), ("system", "Chat ended")], None, "automated_only"),
        ([("unknown", "hello is that the bakery"), ("unknown", "yes")], None, "unknown_roles"),
        ([("customer", "Hello there"), ("agent", "Good day")], "fr-CA", "unsupported_language"),
        (
            [
                ("customer", "Guten Tag, ich warte seit drei Wochen auf meine Bestellung."),
                ("agent", "Das tut mir leid, ich sehe gleich nach, einen Moment bitte."),
            ],
            None,
            "unsupported_language",
        ),
        ([("customer", "我的包裹还没有到"), ("agent", "非常抱歉")], None, "unsupported_language"),
        (
            [
                ("customer", "Thank you for calling Acme, how can I help you?"),
                ("agent", "yeah hi my heating has stopped again and it's freezing"),
                ("customer", "May I have your account number please?"),
                ("agent", "it's four four one nine"),
            ],
            None,
            "roles_swapped_suspected",
        ),
    ],
)
def test_unfit_interactions_say_why_and_get_no_score(
    turns: list[tuple[str, str]], language: str | None, reason: str
) -> None:
    found = scored(*turns, language=language)
    assert reason in found.fitness.reasons
    assert found.score.value is None
    assert found.moments == ()


def test_english_in_any_tag_is_scored() -> None:
    turns = (("customer", "I'm furious about this."), ("agent", "I understand your anger."))
    for language in (None, "en", "en-GB", "EN_us"):
        assert scored(*turns, language=language).score.value == 75.0


def test_marks_of_redaction_and_noise_are_no_words() -> None:
    found = scored(
        ("customer", "My card is [CARD], my mail [EMAIL] [angry shouting] [SORRY]"),
        ("agent", "[noise] Thanks, I have [SORRY] here [inaudible 00:12]"),
    )
    assert found.turns[0].cue is None
    assert found.turns[1].response is not None
    assert found.turns[1].response.sympathy.level == 0


def test_quoted_mail_is_not_the_writers_own() -> None:
    found = scored(
        ("customer", "Here is the form.\n\nOn Mon, 3 Feb 2025 at 10:00, Jo wrote:\n> I'm furious"),
        ("agent", "Thank you.\n\n> Sorry to hear that, I understand your frustration."),
    )
    assert found.turns[0].cue is None
    assert found.turns[1].response is not None
    assert found.turns[1].response.empathy.level == 0


def test_emoji_alone_can_carry_a_feeling() -> None:
    found = scored(("customer", "😡😡😡"), ("agent", "👍"))
    assert outcomes(found) == [(0, (1,), "missed", 0)]
    assert found.score.value == 0.0


def test_empathy_that_is_not_taken_back_makes_the_moment() -> None:
    cue = ("customer", "I am furious, you lost my luggage.")
    relates, dismisses = ("agent", "I understand your anger."), ("agent", "Calm down please.")
    assert outcomes(scored(cue, relates, dismisses)) == [(0, (1, 2), "dismissed", 0)]
    assert outcomes(scored(cue, dismisses, relates)) == [(0, (1, 2), "empathy", 1)]
    both = scored(cue, ("agent", "Sorry about that."), relates)
    assert both.moments[0].apology_then_empathy
    assert not scored(cue, relates, ("agent", "Sorry about that.")).moments[0].apology_then_empathy


def test_only_two_replies_before_the_next_cue_answer_it() -> None:
    found = scored(
        ("customer", "I'm furious about the fee."),
        ("agent", "One moment."),
        ("customer", "fine"),
        ("agent", "It is 12 pounds."),
        ("agent", "I understand your anger."),
        ("customer", "And I'm worried about the next one."),
        ("customer", "Really scared."),
        ("agent", "I understand your concern."),
    )
    assert outcomes(found) == [(0, (1, 3), "missed", 0), (6, (7,), "empathy", 1)]
    assert [(one.response_turn, one.strength) for one in found.volunteered] == [(4, 1)]
    assert found.score.value == 37.5


def test_each_apology_is_counted_once() -> None:
    found = scored(
        ("customer", "It crashed again and again, I'm fed up."),
        ("agent", "Sorry about that."),
        ("agent", "I understand your frustration."),
        ("customer", "It did it again, so annoying."),
        ("agent", "I'm sorry. Sorry again."),
        ("agent", "I do apologise for the inconvenience."),
        ("agent", "We are very sorry."),
    )
    assert found.to_dict()["apologies"] == {"bare": 1, "completed": 1, "repeated": 3}


def test_json_is_the_contracts_and_reasons_come_on_demand() -> None:
    found = scored(("customer", "I'm furious!"), ("agent", "Calm down, sir."))
    plain, told = found.to_dict(), found.to_dict(reasons=True)
    assert list(plain) == [
        "engine", "fitness", "turns", "moments", "volunteered", "apologies", "score",
    ]  # fmt: skip
    assert plain["engine"] == {"name": "reader", "version": "3.1", "definitions": "codebook-1"}
    assert set(plain["turns"][0]["cue"]) == {
        "emotion", "confidence", "presence", "kind_unsure", "evidence",
    }  # fmt: skip
    assert told["turns"][0]["cue"]["reasons"] == ["outrage"]
    assert told["turns"][1]["response"]["dismissal"]["reasons"] == ["brushes it off"]
    assert told["turns"][1]["response"]["sympathy"]["reasons"] == []


@pytest.mark.parametrize(("least", "unsure"), [(0.0, False), (1.0, True)])
def test_below_the_packs_share_the_kind_of_a_feeling_is_unsure(least: float, unsure: bool) -> None:
    pack = load_pack()
    pack = replace(pack, decision={**pack.decision, "kind": least})
    turns = [Turn("customer", "I'm furious!"), Turn("agent", "Your number, please.")]
    found = prescore(turns, pack=pack)
    (cue,) = [turn.cue for turn in found.turns if turn.cue]
    (moment,) = found.moments
    assert 0 < cue.confidence < cue.presence < 1
    assert (cue.emotion, cue.kind_unsure) == ("anger", unsure)
    assert (moment.emotion, moment.kind_unsure) == ("anger", unsure)
    assert moment.to_dict()["presence"] == round(cue.presence, 3)


def test_hundred_thousand_characters_and_five_thousand_turns_are_read() -> None:
    long = [
        "I am still waiting again, sorry! " * 3000,
        "so very " * 12500,
        "'" * 100_000,
        "a." * 50_000,
    ]
    turns = [Turn(role, text) for text in long for role in ("customer", "agent")]
    many = [
        Turn("customer", "I've called three times about the bill and nobody answers, so annoying."),
        Turn("agent", "I'm sorry about that, let me look into the bill for you right now."),
    ] * 2500
    for interaction in (turns, many):
        found = prescore(interaction, pack=load_pack())
        assert len(found.turns) == len(interaction)


def test_threads_get_the_same_answers() -> None:
    turns = [Turn("customer", "I'm furious!"), Turn("agent", "I understand your anger.")]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: prescore(turns, pack=load_pack()), range(40)))
    assert set(map(str, found)) == {str(found[0])}
    assert list(prescore_many([turns] * 3, pack=load_pack())) == found[:3]


ALONE = """
import sys, time
from scorecards.empathy import load_pack, prescore
from scorecards.empathy.gold import Turn

def refuse(event, arguments):
    if event == "open" or event.split(".")[0] in {"socket", "subprocess", "os", "urllib"}:
        raise RuntimeError(event)

def no_clock():
    raise RuntimeError("clock")

pack = load_pack()
turns = [Turn("customer", "I am furious"), Turn("agent", "Sorry, I understand your anger.")]
assert prescore(turns, pack=pack).score.value == 75.0  # the weights are read now
time.time = time.monotonic = time.perf_counter = no_clock
sys.addaudithook(refuse)
assert prescore(turns, pack=pack).score.value == 75.0
shared = {"qa", "qa.core", "qa.core.reactions"}  # what a reaction is, importers ask too
loaded = {name.partition(".")[0] for name in sys.modules if name not in shared}
print(sorted(loaded & {"django", "qa", "transcripts", "sklearn", "scipy", "torch"}))
"""


def test_the_engine_is_pure_and_asks_neither_clock_nor_network() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE], capture_output=True, text=True, cwd=PROJECT, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
