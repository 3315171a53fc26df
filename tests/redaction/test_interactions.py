"""Redaction of whole interactions: customer, names, subject, speakers, metadata."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from transcripts.formats import CanonicalInteraction, validate
from transcripts.redaction import redact, redact_each


def interaction(**facts: Any) -> CanonicalInteraction:
    turns = facts.pop("turns", [{"role": "customer", "text": "hi"}])
    return validate({"channel": "chat", "turns": turns, **facts})


def said(*texts: str, customer: str = "Jane Doe", **facts: Any) -> list[str]:
    turns = [{"role": "customer", "text": text} for text in texts]
    clean, _ = redact(interaction(customer={"name": customer}, turns=turns, **facts))
    return [turn.text for turn in clean.turns]


def test_the_customers_name_goes_wherever_it_is_said() -> None:
    assert said("jane doe here, Jane!", "DOE's order, Janeways and Doering") == [
        "[NAME] here, [NAME]!",
        "[NAME]'s order, Janeways and Doering",
    ]


def test_the_customers_record_is_redacted() -> None:
    clean, counts = redact(interaction(customer={"name": "Jane Doe", "external_id": "j@x.com"}))
    assert clean.customer is not None
    assert (clean.customer.name, clean.customer.external_id) == ("[NAME]", "[EMAIL]")
    assert counts == {"NAME": 1, "EMAIL": 1}


def test_the_agents_name_stays_even_where_it_is_the_customers_too() -> None:
    assert said(
        "Dana Smith, and Dana Doe too",
        customer="Dana Doe",
        agent={"name": "Dana Reyes"},
    ) == ["Dana Smith, and [NAME] too"]


def test_an_everyday_word_goes_only_where_it_stands_as_a_name() -> None:
    assert said(
        "Will you help? Hi Will, it will be fine.", "thanks, Will", customer="Will Reed"
    ) == ["Will you help? Hi [NAME], it will be fine.", "thanks, [NAME]"]


def test_titles_particles_and_initials_are_no_names() -> None:
    assert said("The Dr. said so, Anna de Vries; J is a letter", customer="Dr. J. de Vries") == [
        "The Dr. said so, Anna de [NAME]; J is a letter"
    ]


def test_a_name_in_a_script_without_blanks_goes_inside_a_run() -> None:
    assert said("我是王小明先生", customer="王小明") == ["我是[NAME]先生"]


def test_a_customers_name_that_spells_a_mark_breaks_no_mark() -> None:
    assert said("Mr Card: 4111111111111111", customer="Tim Card") == ["Mr [NAME]: [CARD]"]


def test_speaker_labels_of_customers_are_names_and_roles_stay() -> None:
    turns = [
        {"role": "customer", "speaker": "Customer Jane Doe", "text": "Jane here"},
        {"role": "agent", "speaker": "Dana", "text": "Hello Jane, Dana here"},
        {"role": "customer", "speaker": "+1 415 555 2671", "text": "a customer said customer"},
    ]
    clean, _ = redact(interaction(turns=turns))
    assert [(turn.speaker, turn.text) for turn in clean.turns] == [
        ("Customer [NAME]", "[NAME] here"),
        ("Dana", "Hello [NAME], Dana here"),
        ("[PHONE]", "a customer said customer"),
    ]


def test_the_subject_is_redacted() -> None:
    clean, counts = redact(interaction(subject="Refund to 4111 1111 1111 1111 for a@b.com"))
    assert clean.subject == "Refund to [CARD] for [EMAIL]"
    assert counts == {"CARD": 1, "EMAIL": 1}


def test_metadata_is_redacted_however_deep_and_its_keys_say_what_it_is() -> None:
    metadata = {
        "queue": "billing",
        "phone": "555-1234",
        "mobile": 4155552671,
        "orderId": "4155552671",
        "order_id": 4155552671,
        "callDurationMs": 1234567,
        "password": "hunter2",
        "customer_name": "Jane Doe",
        "deep": [{"note": ["call jane at a@b.com", 3, None, True]}],
        "jane@x.com": 1,
    }
    clean, _ = redact(interaction(metadata=metadata))
    assert clean.metadata == {
        "queue": "billing",
        "phone": "[PHONE]",
        "mobile": "[PHONE]",
        "orderId": "4155552671",
        "order_id": 4155552671,
        "callDurationMs": 1234567,
        "password": "[SECRET]",
        "customer_name": "[NAME]",
        "deep": [{"note": ["call [NAME] at [EMAIL]", 3, None, True]}],
        "[EMAIL]": 1,
    }


def test_agent_ids_and_times_stay() -> None:
    before = interaction(
        external_id="4155552671",
        source="genesys",
        started_at="2026-11-02T10:15:00Z",
        agent={"external_id": "a-7", "name": "Dana Reyes", "team": "Billing"},
        customer=None,
    )
    after, counts = redact(before)
    assert after == before
    assert counts == {}


NAMES = st.sampled_from(
    ["Jane Doe", "Will Card", "Mark O'Name", "[NAME]", "Customer 1", "王小明", ""]
)
TEXTS = st.lists(
    st.sampled_from(
        ["Jane", "doe", "Will", "will", "Mark", "4111 1111 1111 1111", "a@b.co", "[CARD]",
         "[NAME]",
         "my password is ", "PIN ", "4471", "call ", "415-555-2671", "O'Name", " ", ", ", ".",
         "my name is ", "this is ", "Mr ", "Beryl Hughes", "beryl", " speaking", "Hi ",
         "H U G H E S",
         "\nRegards,\n", "王小明"]
    ),
    max_size=10,
).map("".join)  # fmt: skip


@given(NAMES, NAMES, st.lists(TEXTS, min_size=1, max_size=4), TEXTS)
def test_redacting_an_interaction_twice_changes_nothing(
    name: str, speaker: str, texts: list[str], note: str
) -> None:
    said = [f"x {text}" for text in texts]
    turns: list[dict[str, str]] = [{"role": "agent", "text": "What's your name?"}]
    turns += [{"role": "customer", "speaker": speaker, "text": text} for text in said]
    turns += [{"role": "agent", "text": text} for text in said]
    once, _ = redact(
        interaction(
            turns=turns,
            subject=note,
            customer={"name": name},
            metadata={"note": note, "customer_name": name},
        )
    )
    twice, counts = redact(once)
    assert twice == once
    assert counts == {}


def test_many_at_once_come_out_as_each_by_itself() -> None:
    many = [
        interaction(
            customer={"name": name, "external_id": f"c-{number}"},
            metadata={"callback": f"020 7946 0{number}"},
            turns=[
                {"role": "agent", "text": f"This is Kim. And your name? Order {number}?"},
                {"role": "customer", "text": f"{name}, call 020 7946 0{number}."},
            ],
        )
        for number, name in enumerate(("Jane Doe", "Ida Moss", "Will Hughes") * 15, start=100)
    ]
    each = [redact(interaction) for interaction in many]
    assert redact_each(many) == each
    assert each[0][1] == {"NAME": 2, "PHONE": 2}


def test_a_mood_in_a_label_is_nobodys_name() -> None:
    turns = [
        {"role": "customer", "speaker": "CUSTOMER (sobbing)", "text": "I was sobbing all night."},
        {"role": "customer", "speaker": "Customer (Jane Doe)", "text": "Jane here, furious!"},
        {"role": "customer", "speaker": "Customer - furious", "text": "Furious is the word."},
    ]
    clean, _ = redact(interaction(turns=turns))
    assert [(turn.speaker, turn.text) for turn in clean.turns] == [
        ("CUSTOMER (sobbing)", "I was sobbing all night."),
        ("Customer ([NAME])", "[NAME] here, furious!"),
        ("Customer - furious", "Furious is the word."),
    ]
