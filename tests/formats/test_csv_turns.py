"""CSV of turns: columns by their names, many conversations in a file."""

from zoneinfo import ZoneInfo

import pytest

from transcripts.formats import Answers, CanonicalInteraction, FormatError, Question, parse

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
    (interaction,) = read("role,text,time\nagent,second,00:10\ncustomer,first,00:05\n")
    assert [turn.text for turn in interaction.turns] == ["first", "second"]
    assert [turn.started_s for turn in interaction.turns] == [5.0, 10.0]


def test_small_numbers_are_offsets_never_1970() -> None:
    (interaction,) = read("role,text,time\nagent,a,0\ncustomer,b,12.5\n")
    assert [turn.started_s for turn in interaction.turns] == [0.0, 12.5]
    (interaction,) = read("role;text;time\nagent;a;0,0\ncustomer;b;12,5\n")
    assert [turn.started_s for turn in interaction.turns] == [0.0, 12.5]
    assert interaction.started_at is None


def test_large_numbers_are_epochs() -> None:
    (interaction,) = read("role,text,time\nagent,a,1767261600000\ncustomer,b,1767261630000\n")
    assert interaction.to_dict()["turns"][1]["sent_at"] == "2026-01-01T10:00:30Z"


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
    assert [interaction.external_id for interaction in parsed.interactions] == ["c2"]
    assert str(parsed.errors[0]).startswith("line 6: sender is empty")


def test_a_row_with_too_many_cells_is_told_with_its_line() -> None:
    parsed = parse(b"role,text\nagent,a\ncustomer,b,c\n", name="x.csv")
    assert str(parsed.errors[0]) == "line 3: has 3 cells, where the header has 2"


def test_a_quote_never_closed_is_told_with_its_line() -> None:
    with pytest.raises(FormatError) as refused:
        parse(b'role,text\nagent,a\ncustomer,"never closed\n', name="x.csv")
    assert refused.value.line == 3


def test_a_whole_transcript_in_one_cell_is_split() -> None:
    (interaction,) = read('id,ticket_id,transcript\n1,t-9,"Agent: Hello\nCustomer: Hi"\n')
    assert interaction.external_id == "t-9"
    assert [turn.role for turn in interaction.turns] == ["agent", "customer"]


def test_a_table_without_a_text_column_names_what_it_has() -> None:
    with pytest.raises(FormatError, match=r"no columns to read turns from \(found: Name, Age\)"):
        parse(b"Name,Age\nx,1\n", name="x.csv", format="csv_turns")


def test_further_columns_are_kept_as_metadata_and_facts() -> None:
    text = "role,text,agent_name,team,channel,queue\nagent,a,Dana,Billing,email,q1\n"
    (interaction,) = read(text)
    assert interaction.agent is not None
    assert (interaction.agent.name, interaction.agent.team, interaction.channel) == (
        "Dana",
        "Billing",
        "email",
    )
    assert interaction.metadata == {"queue": "q1"}


UNNAMED = b"wer;was;wann\nAgent;Hallo;10:00\nKunde;Guten Tag;10:01\n"


def test_columns_that_cannot_be_told_are_asked_for() -> None:
    with pytest.raises(FormatError) as refused:
        parse(UNNAMED, name="x.csv")
    assert refused.value.question is Question.COLUMNS
    assert refused.value.columns == ("wer", "was", "wann")


def test_columns_may_be_stated() -> None:
    answers = Answers(columns={"speaker": "wer", "text": "was", "time": "wann"})
    (interaction,) = parse(UNNAMED, name="x.csv", answers=answers).interactions
    assert [(turn.role, turn.text) for turn in interaction.turns] == [
        ("agent", "Hallo"),
        ("customer", "Guten Tag"),
    ]


def test_a_stated_column_goes_before_a_name_that_fits() -> None:
    data = b"text,role,words\nn1,agent,Hello\nn2,customer,Hi\n"
    (interaction,) = parse(
        data, name="x.csv", answers=Answers(columns={"text": "words"})
    ).interactions
    assert [turn.text for turn in interaction.turns] == ["Hello", "Hi"]


def test_a_stated_column_that_is_not_there_is_named() -> None:
    with pytest.raises(
        FormatError, match="has no column Nope; expected one of wer, was"
    ) as refused:
        parse(UNNAMED, name="x.csv", answers=Answers(columns={"text": "Nope"}))
    assert refused.value.question is Question.COLUMNS


def test_a_question_and_its_answer_in_one_row_are_two_turns() -> None:
    parsed = parse(b"question,answer\nWhere is it?,On its way.\nWhy?,\n", name="x.csv")
    assert [
        [(t.role, t.text) for t in interaction.turns] for interaction in parsed.interactions
    ] == [
        [("customer", "Where is it?"), ("agent", "On its way.")],
        [("customer", "Why?")],
    ]
    assert any("customer's words" in note for note in parsed.notes)


def test_pairs_with_an_id_are_one_conversation() -> None:
    (interaction,) = read("chat_id,customer,agent\nc1,Hi,Hello\nc1,It broke,Sorry\n")
    assert [turn.role for turn in interaction.turns] == ["customer", "agent"] * 2


def test_a_column_of_names_is_no_column_of_words() -> None:
    (interaction,) = read("customer,agent,speaker,text\nRobin,Dana,agent,Hello\n")
    assert interaction.agent is not None
    assert (interaction.agent.name, interaction.turns[0].text) == ("Dana", "Hello")


@pytest.mark.parametrize("column", ["transcript", "conversation", "dialogue", "blob"])
def test_a_whole_transcript_in_a_cell_is_found_by_what_it_holds(column: str) -> None:
    cell = "Customer: Hi. Agent: Hello. Customer: It broke."
    first, second = read(f'n,{column}\n1,"{cell}"\n2,"{cell}"\n')
    assert [turn.role for turn in first.turns] == ["customer", "agent", "customer"]
    assert len(second.turns) == 3


def test_lines_of_one_conversation_without_ids_are_joined() -> None:
    (interaction,) = read("text,file\nAgent: Hello,a\nCustomer: Hi,a\nand more,a\n")
    assert [turn.text for turn in interaction.turns] == ["Hello", "Hi\nand more"]


def test_messages_are_gathered_by_what_they_reply_to() -> None:
    parsed = parse(
        b"tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n"
        b"3,acme,False,Tue Oct 31 22:10:47 +0000 2017,Please write to us,,2\n"
        b"2,115712,True,Tue Oct 31 22:08:27 +0000 2017,it is broken,3,1\n"
        b"1,115712,True,Tue Oct 31 22:01:27 +0000 2017,help,2,\n"
        b"9,7,True,Tue Oct 31 22:01:27 +0000 2017,other,,\n",
        name="x.csv",
    )
    first, second = parsed.interactions
    assert (first.external_id, second.external_id) == ("1", "9")
    assert [(turn.role, turn.text) for turn in first.turns] == [
        ("customer", "help"),
        ("customer", "it is broken"),
        ("agent", "Please write to us"),
    ]
    assert first.to_dict()["started_at"] == "2017-10-31T22:01:27Z"


def test_replies_in_a_circle_come_to_an_end() -> None:
    data = "msg_id,in_reply_to,sender,text\n1,2,agent,a\n2,1,customer,b\n3,3,agent,c\n"
    assert sum(len(interaction.turns) for interaction in read(data)) == 3


DATED = "role,text,time\nagent,a,{}\ncustomer,b,{}\n"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("27/4/2026 10:15", "27/4/2026 10:16"),
        ("4/27/26 10:15 PM", "4/27/26 10:16 PM"),
        ("27.04.2026, 10:15:00", "27.04.2026, 10:16:00"),
        ("2026/04/27 10:15", "2026/04/27 10:16"),
        ("2026-04-27 10:15:00", "2026-04-27 10:16:00"),
        ("Mon, 27 Apr 2026 10:15:00 -0000", "Mon, 27 Apr 2026 10:16:00 -0000"),
    ],
)
def test_dates_without_a_zone_become_offsets_and_a_question(first: str, second: str) -> None:
    parsed = parse(DATED.format(f'"{first}"', f'"{second}"').encode(), name="x.csv")
    (interaction,) = parsed.interactions
    assert [turn.started_s for turn in interaction.turns] == [0.0, 60.0]
    assert (interaction.started_at, parsed.open) == (None, (Question.TIME_ZONE,))


def test_a_stated_zone_makes_them_moments() -> None:
    data = DATED.format("4/27/2026 10:15", "4/27/2026 10:16").encode()
    parsed = parse(data, name="x.csv", answers=Answers(time_zone=ZoneInfo("America/New_York")))
    assert parsed.interactions[0].to_dict()["started_at"] == "2026-04-27T14:15:00Z"
    assert parsed.open == ()


def test_day_or_month_first_is_asked_where_nothing_tells() -> None:
    data = DATED.format("3/5/2026 10:15", "4/5/2026 10:15").encode()
    assert Question.DAY_FIRST in parse(data, name="x.csv").open
    zone = ZoneInfo("UTC")
    for day_first, start in ((True, "2026-05-03"), (False, "2026-03-05")):
        answers = Answers(day_first=day_first, time_zone=zone)
        parsed = parse(data, name="x.csv", answers=answers)
        assert str(parsed.interactions[0].to_dict()["started_at"]).startswith(start)
        assert parsed.open == ()


@pytest.mark.parametrize(
    "time", ["31/31/2026 10:15", "0/0/0000 25:61", "9999-12-31T23:59:59-23:59"]
)
def test_an_impossible_time_leaves_the_order_of_the_file(time: str) -> None:
    (interaction,) = read(DATED.format(time, "13/5/2026 10:16"))
    assert [turn.text for turn in interaction.turns] == ["a", "b"]
    assert interaction.started_at is None


def test_a_cell_as_long_as_a_call_is_read() -> None:
    talk = "\n".join(f"Agent: line {n}\nCustomer: line {n}" for n in range(6_000))
    (interaction,) = read(f'id,transcript\n1,"{talk}"\n')
    assert len(interaction.turns) == 12_000


@pytest.mark.parametrize(
    ("first", "second", "start"),
    [
        ("45414.4270833", "45414.4277778", "2024-05-02T10:15:00+00:00"),
        ("45414,4270833", "45414,4277778", "2024-05-02T10:15:00+00:00"),
        ("May 2, 2024 10:15 AM", "May 2, 2024 10:16 AM", "2024-05-02T10:15:00+00:00"),
        ("2 May 2024 10:15", "2 May 2024 10:16", "2024-05-02T10:15:00+00:00"),
        ("2-May-2024 10:15", "2-May-2024 10:16", "2024-05-02T10:15:00+00:00"),
        ("2024-05-02 10:15 UTC", "2024-05-02 10:16 UTC", "2024-05-02T10:15:00+00:00"),
        ("2024-05-02 10:15 +02:00", "2024-05-02 10:16 +02:00", "2024-05-02T08:15:00+00:00"),
        (
            "Thu May 02 2024 10:15:00 GMT+0200 (CEST)",
            "Thu May 02 2024 10:16:00 GMT+0200 (CEST)",
            "2024-05-02T08:15:00+00:00",
        ),
    ],
)
def test_times_of_spreadsheets_and_browsers_are_read(first: str, second: str, start: str) -> None:
    data = DATED.format(f'"{first}"', f'"{second}"').encode()
    told = parse(data, name="x.csv", answers=Answers(time_zone=ZoneInfo("UTC"))).interactions[0]
    assert told.started_at is not None
    assert told.started_at.isoformat() == start
    sent = [turn.sent_at for turn in told.turns if turn.sent_at]
    assert (sent[1] - sent[0]).total_seconds() == 60.0


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [("0.4270833", "0.4277778", 60.0), ("40000.5", "40010.5", 10.0), ("0.5", "0.75", 0.25)],
)
def test_shares_of_a_day_and_seconds_are_told_apart(first: str, second: str, apart: float) -> None:
    (found,) = parse(DATED.format(f'"{first}"', f'"{second}"').encode(), name="x.csv").interactions
    started = [turn.started_s for turn in found.turns if turn.started_s is not None]
    assert round(started[1] - started[0], 3) == apart


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_titles_above_the_header_of_a_report_are_passed_over(delimiter: str) -> None:
    rows = [
        ["Conversations", "", ""], ["Made on 2024-05-03", "", ""], ["", "", ""],
        ["conversation_id", "speaker", "message"], ["7", "customer", "It broke"],
        ["7", "agent", ""], ["7", "", "odd"],
    ]  # fmt: skip
    data = "\n".join(delimiter.join(row) for row in rows).encode()
    parsed = parse(data, name="x.csv")
    assert parsed.interactions == ()
    assert [error.line for error in parsed.errors] == [7]
