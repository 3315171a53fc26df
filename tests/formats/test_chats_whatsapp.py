"""WhatsApp exports of many phones: dates in any order, marks that don't show, lines by nobody."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from transcripts.formats import (
    Answers,
    CanonicalTurn,
    FormatError,
    Parsed,
    Question,
    parse,
    recognise,
)


def read(text: str, **answers: object) -> Parsed:
    return parse(text.encode(), name="chat.txt", answers=Answers(**answers))  # type: ignore[arg-type]


def turns(text: str, **answers: object) -> tuple[CanonicalTurn, ...]:
    return read(text, **answers).interactions[0].turns


HEADS = {
    "Android in the US": ("3/25/26, 10:15 AM - ", "3/25/26, 10:17 PM - "),
    "Android in Britain": ("25/03/2026, 10:15 - ", "25/03/2026, 22:17 - "),
    "Android in Germany": ("25.03.26, 10:15 - ", "25.03.26, 22:17 - "),
    "Android in Spain": ("25/3/26 10:15 a. m. - ", "25/3/26 10:17 p. m. - "),
    "Spain with unusual blanks": (
        "25/3/26, 10:15\u202fa.\xa0m. - ",
        "25/3/26, 10:17\u202fp.\xa0m. - ",
    ),
    "Android in Brazil": ("25/03/2026 10:15 - ", "25/03/2026 22:17 - "),
    "Android in France": ("25/03/2026 à 10:15 - ", "25/03/2026 à 22:17 - "),
    "Android in Finland": ("25.3.2026 klo 10.15 - ", "25.3.2026 klo 22.17 - "),
    "Android in Denmark": ("25.03.2026 10.15 - ", "25.03.2026 22.17 - "),
    "Android in Sweden": ("2026-03-25 10:15 - ", "2026-03-25 22:17 - "),
    "Android in the Netherlands": ("25-03-2026 10:15 - ", "25-03-2026 22:17 - "),
    "Android in Hungary": ("2026. 03. 25. 10:15 - ", "2026. 03. 25. 22:17 - "),
    "Android in Bulgaria": (
        "25.03.26 \u0433., 10:15 \u0447. - ",
        "25.03.26 \u0433., 22:17 \u0447. - ",
    ),
    "Android in Taiwan": ("2026/3/25 上午10:15 - ", "2026/3/25 下午10:17 - "),
    "Android in Korea": ("2026. 3. 25. 오전 10:15 - ", "2026. 3. 25. 오후 10:17 - "),
    "Android in Egypt": (
        "\u0662\u0665/\u0663/\u0662\u0660\u0662\u0666\u060c \u0661\u0660:\u0661\u0665 \u0635 - ",
        "\u0662\u0665/\u0663/\u0662\u0660\u0662\u0666\u060c \u0661\u0660:\u0661\u0667 \u0645 - ",
    ),
    "Android in Thailand": ("25/3/2569 10:15 - ", "25/3/2569 22:17 - "),
    "Android in Vietnam": ("10:15, 25/03/2026 - ", "22:17, 25/03/2026 - "),
    "iOS in the US": ("[3/25/26, 10:15:00\u202fAM] ", "[3/25/26, 10:17:00\u202fPM] "),
    "iOS in Germany": ("[25.03.26, 10:15:00] ", "[25.03.26, 22:17:00] "),
    "iOS in Brazil": ("[25/03/2026 10:15:00] ", "[25/03/2026 22:17:00] "),
    "iOS with a mark": ("\u200e[25.03.26, 10:15:00] ", "\u200e[25.03.26, 22:17:00] "),
    "iOS in China": ("[2026/3/25 上午10:15:00] ", "[2026/3/25 下午10:17:00] "),
}


@pytest.mark.parametrize("where", HEADS)
def test_the_date_and_time_of_every_locale_are_read(where: str) -> None:
    first, second = HEADS[where]
    text = f"{first}Jane Doe: My parcel is late\n{second}Acme: I see why that hurts\n"
    assert recognise(text.encode(), "x").format == "whatsapp"
    found = turns(text, time_zone=ZoneInfo("UTC"))
    assert [turn.speaker for turn in found] == ["Jane Doe", "Acme"]
    assert [turn.text for turn in found] == ["My parcel is late", "I see why that hurts"]
    assert found[0].sent_at == datetime(2026, 3, 25, 10, 15, tzinfo=UTC)
    assert found[1].sent_at == datetime(2026, 3, 25, 22, 17, tzinfo=UTC)


def test_one_day_beyond_the_twelfth_decides_all_dates() -> None:
    text = "03/04/26, 10:00 - A: one\n05/04/26, 10:00 - B: two\n25/04/26, 10:00 - A: three\n"
    parsed = read(text, time_zone=ZoneInfo("UTC"))
    assert Question.DAY_FIRST not in parsed.open
    assert parsed.interactions[0].started_at == datetime(2026, 4, 3, 10, tzinfo=UTC)


def test_days_that_would_run_backward_decide_too() -> None:
    # As months first: 2 January, 1 February. As days first: 1 February, 2 January.
    parsed = read("01/02/26, 10:00 - A: one\n02/01/26, 10:00 - B: two\n", time_zone=ZoneInfo("UTC"))
    assert Question.DAY_FIRST not in parsed.open
    assert parsed.interactions[0].started_at == datetime(2026, 1, 2, 10, tzinfo=UTC)


def test_what_nothing_decides_is_asked_and_no_date_is_given() -> None:
    text = "03/04/26, 10:00 - A: one\n03/04/26, 10:05 - B: two\n"
    parsed = read(text)
    assert {Question.DAY_FIRST, Question.TIME_ZONE} <= set(parsed.open)
    assert parsed.interactions[0].started_at is None
    # Whichever day it was, five minutes lie between the two.
    assert [turn.started_s for turn in parsed.interactions[0].turns] == [0.0, 300.0]


def test_times_of_undecided_days_are_left_out() -> None:
    parsed = read("03/04/26, 10:00 - A: one\n05/06/26, 10:05 - B: two\n")
    assert Question.DAY_FIRST in parsed.open
    assert [turn.started_s for turn in parsed.interactions[0].turns] == [None, None]


@pytest.mark.parametrize(("day_first", "month", "day"), [(True, 4, 3), (False, 3, 4)])
def test_the_answer_decides_what_the_file_leaves_open(
    day_first: bool, month: int, day: int
) -> None:
    text = "03/04/26, 10:00 - A: one\n03/04/26, 10:05 - B: two\n"
    parsed = read(text, day_first=day_first, time_zone=ZoneInfo("Europe/Berlin"))
    assert not set(parsed.open) & {Question.DAY_FIRST, Question.TIME_ZONE}
    moment = datetime(2026, month, day, 10, tzinfo=ZoneInfo("Europe/Berlin"))
    assert parsed.interactions[0].started_at == moment


def test_without_a_zone_times_are_offsets_and_the_zone_is_asked() -> None:
    parsed = read("25/04/26, 23:59 - A: one\n26/04/26, 00:01 - B: two\n")
    assert Question.TIME_ZONE in parsed.open
    assert [turn.started_s for turn in parsed.interactions[0].turns] == [0.0, 120.0]
    assert parsed.interactions[0].started_at is None


def test_a_clock_turned_back_does_not_turn_the_talk_around() -> None:
    text = "25/10/26, 02:59 - A: is it late?\n25/10/26, 02:01 - B: it is not\n"
    found = turns(text, time_zone=ZoneInfo("Europe/Berlin"))
    assert [turn.text for turn in found] == ["is it late?", "it is not"]


def test_lines_without_a_date_continue_the_message() -> None:
    text = (
        "25/04/26, 10:00 - Jane: First line\n\nNote: 10:15 is a time\n"
        "Total: 3\n25/04/26, 10:01 - Bo: ok\n"
    )
    found = turns(text)
    assert found[0].text == "First line\n\nNote: 10:15 is a time\nTotal: 3"
    assert len(found) == 2


def test_whatsapps_own_lines_are_no_turns() -> None:
    text = "\n".join(
        [
            "25/04/26, 10:00 - Messages and calls are end-to-end encrypted. No one outside can.",
            '25/04/26, 10:00 - Jane created group "Help: now"',
            '25/04/26, 10:00 - Jane changed the subject from "A" to "B: C"',
            "25/04/26, 10:00 - You were added",
            "25/04/26, 10:00 - +1 555 010 0000 left",
            "25/04/26, 10:01 - Jane: Hello",
            "[25.04.26, 10:02:00] Help: now: \u200eMessages and calls are end-to-end encrypted.",
            "[25.04.26, 10:02:00] Help: \u200eYou changed this group's icon",
        ]
    )
    assert [turn.text for turn in turns(text)] == ["Hello"]


@pytest.mark.parametrize(
    "said",
    [
        "<Media omitted>",
        "<Medien ausgeschlossen>",
        "\u200eimage omitted",
        "image omitted",
        "imagen omitida",
        "IMG-20260305-WA0001.jpg (file attached)",
        "IMG-20260305-WA0001.jpg (Datei angehängt)",
        "\u200e<attached: 00000012-PHOTO.jpg>",
        "\u200eMissed voice call",
        "null",
        "\u200eThis message was deleted.",
        "This message was deleted",
        "You deleted this message",
        "Diese Nachricht wurde gelöscht.",
        "\u200eThis message was deleted by admin Bo",
        "",
    ],
)
def test_pictures_and_deleted_messages_are_no_turns(said: str) -> None:
    found = turns(f"[25.04.26, 10:00:00] Jane: {said}\n[25.04.26, 10:01:00] Bo: Got it\n")
    assert [turn.text for turn in found] == ["Got it"]


def test_a_pictures_caption_is_a_turn() -> None:
    text = (
        "25/04/26, 10:00 - Jane: IMG-1.jpg (file attached)\nIt came broken\n"
        "25/04/26, 10:01 - Jane: See this \u200e<attached: 2.jpg>\n"
    )
    assert [turn.text for turn in turns(text)] == ["It came broken", "See this"]


def test_the_mark_of_an_edit_is_taken_off_and_told() -> None:
    text = "[25.04.26, 10:00:00] Jane: I am sorry \u200e<This message was edited>\n"
    parsed = read(text)
    assert parsed.interactions[0].turns[0].text == "I am sorry"
    assert any("edited" in note for note in parsed.notes)


def test_words_in_angle_brackets_stay() -> None:
    assert turns("25/04/26, 10:00 - Jane: use a <b> tag, not <strong and bold>\n")[0].text == (
        "use a <b> tag, not <strong and bold>"
    )


def test_names_may_have_dots_numbers_and_pictures() -> None:
    names = ["Dr. Smith & Co.", "+49 170 1234567", "🤓", "Jane (Acme)", "~\u202fBo", "O'Neil"]
    text = "".join(f"25/04/26, 10:0{at} - {name}: hi\n" for at, name in enumerate(names))
    assert [turn.speaker for turn in turns(text)] == [name.replace("\u202f", " ") for name in names]


def test_a_name_that_states_a_role_gives_it_and_others_are_asked() -> None:
    parsed = read("25/04/26, 10:00 - Agent Dana: hi\n25/04/26, 10:01 - Jane: hello\n")
    assert [turn.role for turn in parsed.interactions[0].turns] == ["agent", "unknown"]
    assert Question.ROLES in parsed.open


def test_the_uploader_may_say_who_is_who() -> None:
    text = "25/04/26, 10:00 - Dana: hi\n25/04/26, 10:01 - Jane: hello\n"
    parsed = read(text, roles={"Dana": "agent", "Jane": "customer"})
    assert [turn.role for turn in parsed.interactions[0].turns] == ["agent", "customer"]
    assert Question.ROLES not in parsed.open
    assert parsed.interactions[0].channel == "chat"


def test_an_export_without_messages_is_refused() -> None:
    with pytest.raises(FormatError, match="no messages with words"):
        parse(
            b"25/04/26, 10:00 - You were added\n25/04/26, 10:01 - Jane: <Media omitted>\n",
            name="x.txt",
        )


def test_dates_that_are_none_leave_the_turns_without_times() -> None:
    parsed = read("99/99/26, 10:00 - A: one\n98/99/26, 10:05 - B: two\n")
    assert [turn.started_s for turn in parsed.interactions[0].turns] == [None, None]
    assert any("dates aren't all written the same way" in note for note in parsed.notes)


def test_plain_talk_with_times_is_not_taken_for_whatsapp() -> None:
    assert recognise(b"[00:01:02] Agent: Hi\n[00:01:09] Customer: Hello\n", "x").format == (
        "plain_text"
    )
    dated = b"[2026-03-05 10:15] Agent: Hi\n[2026-03-05 10:16] Customer: Hello\n"
    assert recognise(dated, "x.txt").format == "plain_text"


def test_long_and_hostile_lines_are_read_in_linear_time() -> None:
    text = "25/04/26, 10:00 - Jane: hi\n" + ("1/1/" * 20_000) + "\n" + ("<" * 15_000)
    assert len(turns(text.replace("\n1/1/", "\n25/04/26, 10:01 - Bo: 1/1/"))) == 2


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u202b"])
def test_a_mark_of_writing_direction_is_no_attachment(mark: str) -> None:
    text = (
        f"[25.04.26, 10:00:00] Jane: {mark}My lift is late\n"
        f"{mark}[25.04.26, 10:01:00] Jane: {mark}location of it: nobody knows. contact me\n"
        f"[25.04.26, 10:02:00] Bo: {mark}Poll the drivers, please\n"
    )
    parsed = read(text)
    assert [turn.text.strip("\u200e\u200f\u202b") for turn in parsed.interactions[0].turns] == [
        "My lift is late",
        "location of it: nobody knows. contact me",
        "Poll the drivers, please",
    ]
    assert parsed.notes == (
        "Times have no time zone, so they are kept as offsets from the first turn.",
    )


@pytest.mark.parametrize(
    "said", ["Voice call, 2 min", "bild weggelassen", "plan.pdf • \u200e3 pages", "תמונה הושמטה"]
)
def test_behind_a_mark_calls_and_files_are_no_turns(said: str) -> None:
    found = turns(f"[25.04.26, 10:00:00] Jane: \u200e{said}\n[25.04.26, 10:01:00] Bo: Got it\n")
    assert [turn.text for turn in found] == ["Got it"]


NOTICE = "Messages and calls are end-to-end encrypted"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([f"Our House: {NOTICE}. Learn more.", "Jane: Hello"], ["Hello"]),
        (["Our House: Bo's security code changed. Tap.", "Jane: Hello", "Bo: Hi"], ["Hello", "Hi"]),
        (["Klub: Zprávy jsou chráněny koncovým šifrováním.", "Jane: Ahoj"], ["Ahoj"]),
        (
            [
                f"Acme: \u200e{NOTICE}.",
                "Acme: \u200eThis shop uses Meta.",
                "Jane: Hi",
                "Acme: Yes?",
            ],
            ["Hi", "Yes?"],
        ),
        # people write so too
        ([f"Jane: {NOTICE}, so send it", "Jane: please"], [f"{NOTICE}, so send it", "please"]),
        (["Jane: Hi", "Acme: \u200eYes?"], ["Hi", "Yes?"]),
    ],
)
def test_a_group_or_a_business_is_no_speaker_of_whatsapps_words(
    lines: list[str], said: list[str]
) -> None:
    text = "".join(f"25.04.26, 10:00 - {line}\n" for line in lines)
    assert [turn.text for turn in turns(text)] == said


PASTED = (
    "25/04/2026, 10:00 - Bo: You wrote last week{}18/04/2026, 09:12 - Jane: I leave you{}"
    "18/04/2026, 09:13 - Bo: please stay{}do\r\n25/04/2026, 10:01 - Jane: I am cross\r\n"
)


def test_older_lines_inside_a_message_are_its_words() -> None:
    message, answer = turns(PASTED.replace("{}", "\n"))
    assert message.text.split("\n") == [
        "You wrote last week",
        "18/04/2026, 09:12 - Jane: I leave you",
        "18/04/2026, 09:13 - Bo: please stay",
        "do",
    ]
    assert answer.text == "I am cross"


def test_where_line_ends_do_not_tell_what_runs_back_is_noted() -> None:
    for ends in ("\n", "\r\n"):
        parsed = read(PASTED.replace("\r\n", "\n").replace("{}", "\n").replace("\n", ends))
        assert len(parsed.interactions[0].turns) == 4
        assert any("older than the ones before" in note for note in parsed.notes)


def test_newer_lines_behind_other_line_ends_are_messages() -> None:
    text = "25/04/2026, 10:00 - Bo: one\n25/04/2026, 10:05 - Jane: two\r\n25/04/2026, 10:06 - Bo: x"
    assert [turn.text for turn in turns(text)] == ["one", "two", "x"]
