"""What readers say is said in the language of whoever reads it; what is kept is kept as it is."""

import pytest

from qa.core import texts
from transcripts.formats import FormatError, parse, recognise, validate
from transcripts.formats.limits import Limits
from transcripts.formats.remarks import STRANGER, remarks_of, with_remarks

TALK = b"A letter\nAgent: Good morning.\nCustomer: My parcel is late.\n"


@pytest.fixture(autouse=True)
def in_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language in which every text stands in brackets, and thousands apart by a low line."""
    monkeypatch.setattr(texts._Said, "one", staticmethod(lambda text: f"<{text}>"))
    many = staticmethod(lambda single, several, n: f"<{single if n == 1 else several}>")
    monkeypatch.setattr(texts._Said, "many", many)
    monkeypatch.setattr(texts._Said, "grouped", staticmethod(lambda n: f"{n:_}"))


def test_a_refusal() -> None:
    with pytest.raises(FormatError) as refused:
        parse(b"", name="a.txt")
    assert str(refused.value) == "a.txt: <is empty>"


def test_faults_with_their_numbers() -> None:
    with pytest.raises(FormatError) as refused:
        validate({"channel": "call", "turns": [{"role": "agent", "text": "x" * 200_000}]})
    (fault,) = refused.value.faults
    assert str(fault) == "turns[0].text <has 200_000 characters; at most 100_000 are taken>"
    with pytest.raises(FormatError, match="<holds more than 1 turns>, split it"):
        parse(TALK, name="a.txt", limits=Limits(turns=1, instead=", split it"))


def test_notes_and_reasons() -> None:
    assert parse(TALK, name="a.txt").notes == (
        "<Lines before the first speaker are kept as a heading, not as a turn.>",
    )
    reason = recognise(TALK, "a.txt").reason
    assert "<2 lines begin with a label that states a role>" in reason


def test_remarks_are_kept_as_they_are() -> None:
    assert remarks_of(with_remarks({}, [STRANGER])) == [STRANGER]
    assert STRANGER.startswith("Someone wrote in")
