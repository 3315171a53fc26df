"""A definition pack that is not sound is refused, and every fault is named with its place."""

import copy
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scorecards.empathy import (
    DEFAULT_PACK,
    PackError,
    load_pack,
    parse_pack,
    parse_scale,
    prescore,
    shipped,
)
from scorecards.empathy.gold import Turn
from scorecards.empathy.pack import Calibration
from scorecards.empathy.pack_file import MOST_BYTES, build_pack, read_pack
from scorecards.empathy.phrases import PhraseError, compile_phrase

Data = dict[str, Any]
CODEBOOK = tomllib.loads(DEFAULT_PACK.read_text(encoding="utf-8"))


def small() -> Data:
    """The smallest sound pack: the codebook with one group of each kind."""
    data = copy.deepcopy(CODEBOOK)
    data["words"] = {"feeling": ["angry|upset"]}
    data["contexts"] = [{"name": "waiting", "say": ["wait*"]}]
    data["cues"] = [
        {
            "emotion": "anger",
            "name": "feeling",
            "reason": "names the feeling",
            "say": ["i'm {feeling}"],
            "emoji": "😡",
        }
    ]
    data["responses"] = [
        {"mark": "sympathy", "name": "apology", "reason": "apology", "say": ["sorry"]},
        {"mark": "empathy", "name": "sees", "reason": "sees it", "say": ["i see why"]},
        {"mark": "dismissal", "name": "calm", "reason": "belittles", "say": ["calm down"]},
    ]
    data["neutral"] = [{"of": "sympathy", "name": "asks", "say": ["sorry ?"]}]
    return data


def refused(data: Data) -> str:
    with pytest.raises(PackError) as error:
        build_pack(data, calibration=Calibration(), name="ours.toml")
    return str(error.value)


def test_a_pack_of_ones_own_decides_what_counts() -> None:
    pack = build_pack(small(), calibration=Calibration())
    turns = [Turn("customer", "I'm upset with all of you"), Turn("agent", "I see why. Sorry?")]
    found = prescore(turns, pack=pack, engine="cues-1.0")
    assert found.score.value == 75.0
    assert found.turns[0].cue is not None
    assert found.turns[0].cue.emotion == "anger"
    assert found.turns[1].response is not None
    assert found.turns[1].response.sympathy.level == 0


def test_a_pack_from_before_kinds_could_be_unsure_is_read_with_half_as_the_share() -> None:
    data = small()
    del data["decision"]["kind"]
    assert build_pack(data, calibration=Calibration()).decision["kind"] == 0.5


FAULTS: list[tuple[Callable[[Data], object], str]] = [
    (lambda data: data.update(extra=1), "unknown key extra"),
    (lambda data: data.update(schema=2), "schema: must be 1"),
    (lambda data: data.pop("weights"), "weights: must be a table"),
    (lambda data: data["weights"].update(missed=101), "weights.missed: must be a number"),
    (lambda data: data["weights"].update(bonus=1), "weights: unknown key bonus"),
    (lambda data: data["thresholds"].update(cue="high"), "thresholds.cue: must be a number"),
    (lambda data: data["decision"].update(kind=2), "decision.kind: must be a number"),
    (lambda data: data["pack"].update(id=""), "pack.id: must be a text"),
    (lambda data: data["responses_of_a_cue"].update(agent_turns=0), "agent_turns: must be"),
    (lambda data: data["responses_of_a_cue"].update(same_turn=[]), "same_turn: must be one of"),
    (lambda data: data["emotions"].append(data["emotions"][0]), "emotions: must be a list of"),
    (lambda data: data.update(emotions="all"), "emotions: must be a list of tables"),
    (lambda data: data["marks"].update(irony={}), "marks: unknown key irony"),
    (lambda data: data["marks"].pop("empathy"), "marks.empathy.means: must be a text"),
    (lambda data: data["cues"][0].update(emotion="joy"), "cues[0].emotion: 'joy' is not known"),
    (lambda data: data["cues"][0].update(point=1), "cues[0]: unknown key point"),
    (lambda data: data["cues"][0].update(points=True), "cues[0].points: must be a number"),
    (lambda data: data["cues"][0].update(say=["a (b"]), "cues[0].say[0]: a bracket is never"),
    (lambda data: data["cues"][0].update(say=["{mood}"]), "unknown word list {mood}"),
    (lambda data: data["cues"][0].update(say="angry"), "cues[0].say: must be a list of texts"),
    (lambda data: data["cues"][0].update(emoji="😡😡"), "cues[0].emoji: must be single signs"),
    (lambda data: data["cues"].append(data["cues"][0]), "'anger.feeling' is used twice"),
    (lambda data: data["responses"][0].pop("reason"), "responses[0].reason: must be a text"),
    (lambda data: data["responses"][1].update(level=3), "responses[1].level: must be a number"),
    (lambda data: data["responses"][0].update(apology=1), "apology: must be true or false"),
    (lambda data: data["responses"][0].update(when_customer="sings"), "no context 'sings'"),
    (lambda data: data["neutral"][0].update(of="irony"), "neutral[0].of: 'irony' is not known"),
    (lambda data: data["contexts"][0].update(emotions=["joy"]), "no emotion 'joy'"),
]


@pytest.mark.parametrize(("spoil", "message"), FAULTS, ids=[message for _, message in FAULTS])
def test_each_fault_is_named_with_its_place(spoil: Callable[[Data], object], message: str) -> None:
    data = small()
    spoil(data)
    assert message in refused(data)


def test_all_faults_are_named_at_once() -> None:
    data = small()
    data["schema"] = 2
    data["cues"][0]["say"] = ["a (b", "|"]
    message = refused(data)
    assert message.startswith("ours.toml: ")
    assert all(part in message for part in ("schema", "cues[0].say[0]", "cues[0].say[1]"))


@pytest.mark.parametrize("value", [None, 7, "text", [], [7], {}, {"a": 7}, True])
def test_nonsense_of_any_type_is_refused_and_never_crashes(value: object) -> None:
    for key in CODEBOOK:
        data = {**small(), key: value}
        if value == [] and key in {"cues", "responses", "neutral", "contexts"}:
            continue
        if value == {} and key == "words":
            continue
        assert refused(data)


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"gone\.toml"):
        load_pack(tmp_path / "gone.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("schema = ", encoding="utf-8")
    with pytest.raises(PackError, match=r"broken\.toml"):
        read_pack(broken)
    sound = tmp_path / "sound.toml"
    sound.write_bytes(DEFAULT_PACK.read_bytes())
    assert read_pack(sound).calibration == Calibration()
    for table in ("[]", '{"rules": {}, "values": {"cue:1": NaN}}', '{"rules": {}, "values": 1'):
        (tmp_path / "sound.calibration.json").write_text(table, encoding="utf-8")
        with pytest.raises(PackError, match=r"sound\.calibration\.json: is not a calibration"):
            read_pack(sound)


def test_a_file_is_read_up_to_a_megabyte_and_no_further(tmp_path: Path) -> None:
    large = tmp_path / "large.toml"
    large.write_text("#" * MOST_BYTES + "\n", encoding="utf-8")
    with pytest.raises(PackError, match=r"large\.toml: is larger than 1,000,000 bytes"):
        read_pack(large)


def test_the_text_of_a_file_makes_the_same_pack(tmp_path: Path) -> None:
    windows = tmp_path / "ours.toml"
    windows.write_bytes(DEFAULT_PACK.read_bytes().replace(b"\n", b"\r\n"))
    read = read_pack(windows)
    assert read.source
    assert read == parse_pack(read.source.text, name="elsewhere")
    assert read.source.text == DEFAULT_PACK.read_text(encoding="utf-8")
    assert parse_scale(read.source.text) == read.scale


def test_the_scale_is_read_whatever_else_is_wrong() -> None:
    text = DEFAULT_PACK.read_text(encoding="utf-8")
    spoilt = text.replace("schema = 1", "schema = 2", 1)
    assert "schema = 2" in spoilt
    assert parse_scale(spoilt) == load_pack().scale
    with pytest.raises(PackError, match=r"ours: weights\.missed"):
        parse_scale(text.replace("missed = 0", "missed = -1"), "ours")


def test_the_names_of_our_own_files_are_the_ids_of_the_packs() -> None:
    assert shipped() == {load_pack(DEFAULT_PACK.with_stem(name)).id for name in shipped()}


def test_a_pack_is_read_once_in_a_process() -> None:
    assert load_pack() is load_pack(DEFAULT_PACK)


@pytest.mark.parametrize(
    ("phrase", "said", "silent"),
    [
        ("sorry", ["so SORRY", "sorry!"], ["sorrys", "unsorry"]),
        ("i'm upset", ["im upset", "I\u2019m upset", "i'm   upset"], ["i'm. upset"]),
        ("frustrat*", ["frustrated", "Frustrating"], ["frustum"]),
        ("sorry (for|about) this", ["sorry about this"], ["sorry this"]),
        ("really? upset", ["upset", "really upset"], ["really"]),
        ("wait ... bill", ["wait for my damn bill", "wait bill"], ["wait a b c d e bill"]),
        ("# times", ["three times", "12 times", "several times"], ["some times"]),
        ("sorry ?", ["sorry?"], ["sorry", "sorry. what?"]),
        ("help !", ["help!"], ["help"]),
    ],
)
def test_phrases_match_what_their_language_says(
    phrase: str, said: list[str], silent: list[str]
) -> None:
    pack = small()
    pack["cues"][0]["say"] = [phrase]
    compiled = build_pack(pack, calibration=Calibration())
    for text in said + silent:
        found = prescore([Turn("customer", text)], pack=compiled, engine="cues-1.0").turns[0].cue
        assert (found is not None) == (text in said), text


@pytest.mark.parametrize("phrase", ["", "(", "a)", "()", "a|", "?", "...", "a ?? b {", "[a]", "_*"])
def test_phrases_without_sense_are_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        compile_phrase(phrase, {})
