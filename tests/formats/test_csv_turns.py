"""CSV of turns: columns by their names, many conversations in a file."""

import pytest

from transcripts.formats import CanonicalInteraction, FormatError, parse

TWO = """conversation_id,sender,content,timestamp
c1,agent,Hello,2026-01-01T10:00:00Z
c2,customer,Hi there,2026-01-01T11:00:00Z
c1,customer,"It broke, again
and again",2026-01-01T10:00:30Z
"""


def read(text: str, name: str = "x.csv") -> tuple[CanonicalInteraction, ...]:
    return parse(text.encode(), name=name).interactions


def test_rows_are_gathered_by_conversation() -> None:
    first, second = read(TWO)
    assert (first.external_id, second.external_id) == ("c1", "c2")
    assert [(turn.role, turn.text) for turn in first.turns] == [
        ("agent", "Hello"),
        ("customer", "It broke, again\nand again"),
    ]
    assert first.to_dict()["started_at"] == "2026-01-01T10:00:00Z"


def test_rows_are_put_in_order_of_time() -> None:
    (one,) = read("role,text,time\nagent,second,00:10\ncustomer,first,00:05\n")
    assert [turn.text for turn in one.turns] == ["first", "second"]
    assert [turn.started_s for turn in one.turns] == [5.0, 10.0]


def test_small_numbers_are_offsets_never_1970() -> None:
    (one,) = read("role,text,time\nagent,a,0\ncustomer,b,12.5\n")
    assert [turn.started_s for turn in one.turns] == [0.0, 12.5]
    assert one.started_at is None


def test_large_numbers_are_epochs() -> None:
    (one,) = read("role,text,time\nagent,a,1767261600000\ncustomer,b,1767261630000\n")
    assert one.to_dict()["turns"][1]["sent_at"] == "2026-01-01T10:00:30Z"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_delimiter_is_told(delimiter: str) -> None:
    text = f"speaker{delimiter}message\nAgent{delimiter}Hello\nCustomer{delimiter}Hi\n"
    assert [turn.role for turn in read(text)[0].turns] == ["agent", "customer"]


def test_a_spreadsheets_separator_line_and_old_encoding_are_read() -> None:
    data = "sep=;\nspeaker;message\nAgent;Très désolé, café fermé\nCustomer;Déjà vu\n"
    parsed = parse(data.encode("cp1252"), name="x.csv")
    assert parsed.interactions[0].turns[0].text == "Très désolé, café fermé"
    assert any("encoding" in note for note in parsed.notes)


def test_a_conversation_with_a_faulty_row_is_refused_whole_and_others_kept() -> None:
    parsed = parse((TWO + "c1,,who spoke?,2026-01-01T10:01:00Z\n").encode(), name="x.csv")
    assert [one.external_id for one in parsed.interactions] == ["c2"]
    assert str(parsed.errors[0]).startswith("line 6: sender is empty")


def test_a_row_with_too_many_cells_is_told_with_its_line() -> None:
    parsed = parse(b"role,text\nagent,a\ncustomer,b,c\n", name="x.csv")
    assert str(parsed.errors[0]) == "line 3: has 3 cells, where the header has 2"


def test_a_quote_never_closed_is_told_with_its_line() -> None:
    with pytest.raises(FormatError) as refused:
        parse(b'role,text\nagent,a\ncustomer,"never closed\n', name="x.csv")
    assert refused.value.line == 3


def test_a_whole_transcript_in_one_cell_is_split() -> None:
    (one,) = read('id,ticket_id,transcript\n1,t-9,"Agent: Hello\nCustomer: Hi"\n')
    assert one.external_id == "t-9"
    assert [turn.role for turn in one.turns] == ["agent", "customer"]


def test_a_table_without_a_text_column_names_what_it_has() -> None:
    with pytest.raises(FormatError, match=r"no columns to read turns from \(found: Name, Age\)"):
        parse(b"Name,Age\nx,1\n", name="x.csv", format="csv_turns")


def test_further_columns_are_kept_as_metadata_and_facts() -> None:
    text = "role,text,agent_name,team,channel,queue\nagent,a,Dana,Billing,email,q1\n"
    (one,) = read(text)
    assert one.agent is not None
    assert (one.agent.name, one.agent.team, one.channel) == ("Dana", "Billing", "email")
    assert one.metadata == {"queue": "q1"}
