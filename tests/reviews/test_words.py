"""The summary and notes while they are typed: kept at once, and never over somebody's words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from qa.coaching.models import CoachingNote, NoteDraft
from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.tenancy.context import tenant
from tests.reviews.steps import Desk, address, take
from tests.world import confirm_review, make_interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
REPLY = 2


@pytest.fixture
def desk(signed_in: SignIn, dana: Membership) -> Desk:
    make_interaction(dana.organization)
    return take(signed_in(dana), dana)


def keep(desk: Desk, what: str, **data: Any) -> HttpResponse:
    answer: Any = desk.client.post(address(f"review-{what}-keep", desk.member, pk=desk.pk), data)
    return answer


def keep_note(desk: Desk, text: str, was: str = "", **data: Any) -> HttpResponse:
    return keep(desk, "note", turn=REPLY, text=text, was=was, **data)


def halves(desk: Desk) -> list[str]:
    with tenant(desk.member.organization_id):
        rows = NoteDraft.objects.visible_to(desk.member).filter(review=desk.pk)
        return list(rows.order_by("turn").values_list("text", flat=True))


def test_a_summary_is_kept_as_it_is_typed_and_is_no_step_of_the_review(desk: Desk) -> None:
    before = desk.review.revision
    assert keep(desk, "summary", summary="Half a", summary_was="").status_code == 200
    assert keep(desk, "summary", summary="Half a thought", summary_was="Half a").status_code == 200
    assert (desk.review.summary, desk.review.revision) == ("Half a thought", before)
    assert 'id="undo"' not in desk.page
    assert desk.send("accept", cue_turn=1, revision=before).status_code == 302


def test_words_written_elsewhere_meanwhile_are_shown_and_not_overwritten(desk: Desk) -> None:
    keep(desk, "summary", summary="From the other tab.", summary_was="")
    answer = keep(desk, "summary", summary="Mine.", summary_was="")
    assert answer.status_code == 409
    told = answer.json()  # type: ignore[attr-defined]
    assert told["now"] == "From the other tab."
    assert told["message"] == "The summary has been changed somewhere else."
    assert desk.review.summary == "From the other tab."
    assert keep(desk, "summary", summary="Mine.", summary_was=told["now"]).status_code == 200
    assert desk.review.summary == "Mine."


def test_the_same_words_sent_twice_are_saved_once_whatever_the_ends_of_lines(desk: Desk) -> None:
    for was in ("", "", "two\nlines"):
        answer = keep(desk, "summary", summary="two\r\nlines ", summary_was=was)
        assert answer.status_code == 200


def test_submitting_does_not_overwrite_a_summary_that_its_page_has_not_seen(desk: Desk) -> None:
    desk.send("accept-all")
    desk.answer_all()
    keep(desk, "summary", summary="From the other tab.", summary_was="")
    answer = desk.send("confirm", summary="Mine.", summary_was="")
    assert answer.status_code == 409
    assert "The summary has been changed somewhere else." in answer.content.decode()
    assert desk.review.status == Review.Status.OPEN
    assert (
        desk.send("confirm", summary="Mine.", summary_was="From the other tab.").status_code == 302
    )
    assert desk.review.summary == "Mine."


def test_a_half_written_note_is_there_again_with_the_words_it_is_pinned_to(desk: Desk) -> None:
    keep_note(desk, "First say wh", start=0, end=9, kind="praise")
    page = desk.page
    assert "First say wh</textarea>" in page
    assert '<p class="note__quote">I&#x27;m sorry</p>' in page
    assert 'data-was="First say wh"' in page
    with tenant(desk.member.organization_id):
        assert not CoachingNote.objects.visible_to(desk.member).exists()


def test_a_note_kept_elsewhere_meanwhile_is_not_overwritten(desk: Desk) -> None:
    keep_note(desk, "From the other tab.")
    answer = keep_note(desk, "Mine.")
    assert answer.status_code == 409
    assert answer.json()["now"] == "From the other tab."  # type: ignore[attr-defined]
    assert halves(desk) == ["From the other tab."]


def test_a_half_written_note_goes_when_it_is_emptied_discarded_or_saved(desk: Desk) -> None:
    keep_note(desk, "a")
    keep_note(desk, "", was="a")
    assert halves(desk) == []
    keep_note(desk, "b")
    desk.send("note-discard", turn=REPLY)
    assert halves(desk) == []
    keep_note(desk, "c")
    desk.send("note", turn=REPLY, kind="praise", text="c and done.")
    assert halves(desk) == []


def test_a_review_with_a_half_written_note_is_not_submitted(desk: Desk) -> None:
    keep_note(desk, "First say wh")
    desk.send("accept-all")
    desk.answer_all()
    answer = desk.send("confirm")
    assert answer.status_code == 422
    assert (
        "You have an unsaved note on turn 3. Save or discard it to submit."
        in answer.content.decode()
    )
    assert desk.review.status == Review.Status.OPEN
    desk.send("note-discard", turn=REPLY)
    assert desk.send("confirm").status_code == 302


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"turn": 99, "text": "a"}, "no such turn"),
        ({"turn": REPLY, "text": "a", "start": 3}, "needs the start and the end"),
        ({"turn": REPLY, "text": "a", "start": 0, "end": 4, "quote": "else"}, "select them"),
        ({"turn": REPLY, "text": "a", "start": 3, "end": 9000}, "are outside the turn"),
        ({"turn": REPLY, "text": "a" * 4001}, "at most 4000 characters"),
        ({"text": "a"}, "required"),
    ],
)
def test_a_note_that_cannot_be_is_refused_in_words(
    desk: Desk, data: dict[str, Any], words: str
) -> None:
    answer = keep(desk, "note", was="", **data)
    assert answer.status_code == 422
    assert words in answer.json()["message"]  # type: ignore[attr-defined]
    assert halves(desk) == []


def test_nothing_is_kept_for_a_review_that_is_confirmed_or_somebody_elses(
    desk: Desk, signed_in: SignIn, sam: Membership
) -> None:
    other = Desk(signed_in(sam), sam, desk.pk)
    for answer in (keep(other, "summary", summary="a", summary_was=""), keep_note(other, "a")):
        assert answer.status_code == 409
        assert "Someone else is reviewing" in answer.json()["message"]  # type: ignore[attr-defined]
    with tenant(desk.member.organization_id):
        confirm_review(desk.review, desk.member)
    late = Desk(signed_in(desk.member), desk.member, desk.pk)
    for answer in (keep(late, "summary", summary="a", summary_was=""), keep_note(late, "a")):
        assert answer.status_code == 409
        assert "already been submitted" in answer.json()["message"]  # type: ignore[attr-defined]


def test_putting_back_drops_what_was_half_written(desk: Desk, dana: Membership) -> None:
    keep_note(desk, "a")
    desk.send("release")
    with tenant(dana.organization_id):
        assert not NoteDraft.objects.visible_to(dana).exists()


def test_a_note_and_a_submitted_summary_lose_the_customers_name_with_a_word_about_it(
    desk: Desk,
) -> None:
    said = desk.client.post(
        address("review-note", desk.member, pk=desk.pk),
        {
            "turn": REPLY,
            "text": "Mrs Quillfeather was upset; call her on 07700 900143.",
            "kind": CoachingNote.Kind.values[0],
            "revision": desk.review.revision,
        },
        follow=True,
    )
    assert "Personal data in it was redacted." in said.content.decode()
    with tenant(desk.member.organization_id):
        note = CoachingNote.objects.visible_to(desk.member).get()
    assert note.text == "Mrs [NAME] was upset; call her on [PHONE]."
    desk.send("accept-all")
    desk.answer_all()
    plain = "The customer Orla Quillfeather was calm."
    keep(desk, "summary", summary=plain, summary_was="")
    assert desk.review.summary == plain
    assert desk.send("confirm", summary=plain, summary_was=plain).status_code == 302
    assert desk.review.summary == "The customer [NAME] was calm."
