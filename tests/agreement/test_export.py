"""Confirmed reviews for `manage.py evaluate`: the download of the page, and the command."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa import pipeline
from qa.agreement import export
from qa.audit.models import AuditEvent
from qa.organizations.models import Membership, Organization
from qa.reviews import actions as reviews
from qa.reviews import blind, queue
from qa.reviews.corrections import Correction
from qa.reviews.exposure import exposures_of
from qa.reviews.models import Review, ReviewMoment
from qa.reviews.policy import set_policy
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.reviews.steps import address
from tests.world import (
    ANGRY_CALL,
    answer_card,
    confirm_review,
    make_calibration,
    make_interaction,
    make_review,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
ANGER = {"cue_turn": 1, "emotion": "anger", "outcome": "missed", "strength": 0}


def downloaded(browser: Client, by: Membership) -> list[dict[str, Any]]:
    answer: Any = browser.post(address("agreement-export", by))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/x-ndjson"
    assert answer["Content-Disposition"] == 'attachment; filename="reviews.jsonl"'
    return [json.loads(line) for line in answer.getvalue().splitlines()]


def written(slug: str) -> tuple[list[dict[str, Any]], str]:
    out, told = StringIO(), StringIO()
    call_command("export_reviews", organization=slug, stdout=out, stderr=told)
    return [json.loads(line) for line in out.getvalue().splitlines()], told.getvalue()


def events(organization: Organization) -> list[AuditEvent]:
    with tenant(organization.pk):
        found = AuditEvent.objects.visible_to(System(organization.pk))
        return list(found.filter(action="reviews.exported"))


def review_blind(dana: Membership, mona: Membership) -> Review:
    """A blind review that saw anger alone, and took the machine's fear over afterwards."""
    with tenant(dana.organization_id):
        set_policy(by=mona, blind_percent=100, threshold=0.6, least=10)
        call = make_interaction(dana.organization, external_id="blind")
        review = queue.claim(call.pk, by=dana)
        reviews.add_moment(review, by=dana, **ANGER)
        review = blind.commit(review, by=dana)
        rejected = ReviewMoment.objects.visible_to(dana).filter(review=review, decision="rejected")
        reviews.accept(review, list(rejected), by=dana)
        answer_card(review, dana)
        return pipeline.confirm(review, by=dana)


def test_a_line_holds_the_turns_and_what_was_confirmed_and_names_nobody(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    turns = [
        *ANGRY_CALL,
        {"role": "customer", "speaker": "Chloe", "text": "Write to chloe@adeyinka.example."},
    ]
    call = make_interaction(dana.organization, turns=turns, language="en")
    review = make_review(dana, call, confirmed=True)
    (line,) = downloaded(signed_in(mona), mona)
    assert (line["review"], line["interaction"]) == (str(review.pk), str(call.pk))
    assert (line["channel"], line["language"], line["blind"]) == ("call", "en", False)
    assert line["corrected"] is False
    assert line["prescore"] == {"engine": "reader-3.1", "definitions": "codebook-1"}
    assert line["turns"][1] == {"role": "customer", "text": ANGRY_CALL[1]["text"]}
    assert line["turns"][6] == {"role": "customer", "text": "Write to [EMAIL]."}
    assert line["moments"][0]["decision"] == "accepted"
    assert {one["cue_turn"] for one in line["moments"]} == {1, 3}
    assert line["first_reading"] is None
    told = json.dumps({**line, "turns": []})
    assert not any(name in told for name in ("Dana", "Alex", "Finch", "Chloe"))


def test_who_downloads_is_audited_once_and_has_been_shown_it(
    signed_in: SignIn, dana: Membership, mona: Membership, larkfield: Organization
) -> None:
    with tenant(larkfield.pk):
        set_policy(by=mona, blind_percent=0, threshold=0.6, least=10, second_percent=100)
    review = make_review(dana, confirmed=True)
    downloaded(signed_in(mona), mona)
    (event,) = events(larkfield)
    assert (event.actor, event.data) == (mona.actor_label, {"reviews": 1})
    assert event.target_id == str(larkfield.pk)
    with tenant(larkfield.pk):
        assert exposures_of(mona).filter(interaction=review.interaction_id).exists()


def test_drafts_calibrations_and_replaced_versions_are_not_in_it(
    signed_in: SignIn, dana: Membership, mona: Membership, larkfield: Organization
) -> None:
    make_review(dana, make_interaction(larkfield, external_id="draft"))
    old = make_review(dana, confirmed=True)
    with tenant(larkfield.pk):
        moment = {"emotion": "anger", "outcome": "missed", "strength": 0}
        new = pipeline.correct(old, Correction(cue_turn=1, moment=moment), by=mona)
    (line,) = downloaded(signed_in(mona), mona)
    assert (line["review"], line["corrected"]) == (str(new.pk), True)
    assert line["moments"][0]["outcome"] == "missed"


def test_what_a_manager_reads_for_a_calibration_is_kept_from_them(
    signed_in: SignIn, dana: Membership, mona: Membership, sam: Membership, larkfield: Organization
) -> None:
    call = make_interaction(larkfield)
    make_review(dana, call, confirmed=True)
    make_calibration(mona, [mona, sam], call)
    answer = signed_in(mona).post(address("agreement-export", mona), follow=True)
    assert "no confirmed reviews" in answer.content.decode()
    assert len(written("larkfield")[0]) == 1  # an operator's command is nobody's reading


def test_without_a_confirmed_review_it_says_so(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    make_review(dana)
    answer = signed_in(mona).post(address("agreement-export", mona), follow=True)
    assert "There are no confirmed reviews to download yet" in answer.content.decode()


def test_only_managers_and_admins_may(
    signed_in: SignIn, dana: Membership, mona: Membership, ada: Membership, mallory: Membership
) -> None:
    make_review(dana, confirmed=True)
    for caller, expected in ((None, 302), (mallory, 404), (dana, 403), (mona, 200), (ada, 200)):
        answer: Any = signed_in(caller).post(address("agreement-export", mona))
        assert answer.status_code == expected, caller
    assert signed_in(mona).get(address("agreement-export", mona)).status_code == 405
    page = signed_in(mona).get(address("agreement", mona)).content.decode()
    assert "agreement/export/" in page
    assert "your 5,000 most recent" in page
    assert (
        "agreement/export/" not in signed_in(dana).get(address("agreement", mona)).content.decode()
    )


def test_a_file_has_the_newest_and_costs_a_few_queries_a_batch(
    signed_in: SignIn,
    dana: Membership,
    mona: Membership,
    larkfield: Organization,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = [make_interaction(larkfield, external_id=f"c-{n}") for n in range(5)]
    made = [str(make_review(dana, call, confirmed=True).pk) for call in calls]
    browser, counts = signed_in(mona), []
    for most in (2, 5):
        monkeypatch.setattr("qa.agreement.views.MOST", most)
        with CaptureQueriesContext(connection) as queries:
            lines = downloaded(browser, mona)
        counts.append(len(queries))
        assert [line["review"] for line in lines] == made[::-1][:most]
    assert counts[0] == counts[1]
    monkeypatch.setattr(export, "BATCH", 2)
    assert [line["review"] for line in downloaded(browser, mona)] == made[::-1]


def test_the_command_writes_the_organization_it_is_told(
    dana: Membership, mallory: Membership, larkfield: Organization
) -> None:
    review = make_review(dana, confirmed=True)
    lines, told = written("larkfield")
    assert [line["review"] for line in lines] == [str(review.pk)]
    assert told == "1 confirmed reviews\n"
    assert [event.actor for event in events(larkfield)] == ["export_reviews"]
    assert written("elsewhere") == ([], "0 confirmed reviews\n")
    with pytest.raises(CommandError, match="no organization with the slug nowhere"):
        written("nowhere")


def test_evaluate_reads_what_was_exported(
    signed_in: SignIn, dana: Membership, mona: Membership, tmp_path: Path
) -> None:
    confirm_review(make_review(dana), dana)
    review_blind(dana, mona)
    answer: Any = signed_in(mona).post(address("agreement-export", mona))
    path = tmp_path / "reviews.jsonl"
    path.write_bytes(answer.getvalue())
    out = StringIO()
    call_command("evaluate", str(path), "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert found["made_on"] == {"reader-3.1, codebook-1": 2}
    shown, blindly = found["shown"], found["blind"]
    assert (shown["reviews"], shown["missed"], shown["extra"]) == (1, 0, 0)
    assert shown["moments"]["f1"]["value"] == 1.0
    assert (blindly["reviews"], blindly["missed"], blindly["extra"]) == (1, 0, 1)
    told = StringIO()
    call_command("evaluate", str(path), stdout=told)
    assert "Judged blind: 1 reviews" in told.getvalue()
    assert "With the pre-score in view: 1 reviews" in told.getvalue()
    for turn in ANGRY_CALL:
        assert turn["text"] not in told.getvalue() + out.getvalue()


def test_evaluate_refuses_an_exported_file_that_was_cut_off(
    signed_in: SignIn, dana: Membership, mona: Membership, tmp_path: Path
) -> None:
    confirm_review(make_review(dana), dana)
    answer: Any = signed_in(mona).post(address("agreement-export", mona))
    path = tmp_path / "reviews.jsonl"
    path.write_bytes(answer.getvalue()[:-20])
    with pytest.raises(CommandError, match="line 1: is not JSON") as refused:
        call_command("evaluate", str(path), stdout=StringIO())
    assert ANGRY_CALL[1]["text"] not in str(refused.value)
