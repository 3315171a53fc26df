"""What notices say: who did what about what, made when it is read, and no more than may be."""

import ast
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from qa.inbox.pages import by_day
from qa.inbox.reading import Line, read
from qa.inbox.sentences import SENTENCES
from qa.notices import actions
from qa.notices.models import Notice
from qa.organizations.models import Membership, Organization
from qa.reviews.models import Embargo, Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.disputes.steps import ANGER, SignIn, decide, reviewed_with_note, send, the_dispute
from tests.notices.steps import notices_of, tell
from tests.reviews.steps import address
from tests.test_architecture import files, tree
from tests.world import ANGRY_CALL, confirm_review, make_calibration, make_interaction, make_review

pytestmark = pytest.mark.django_db


def lines_of(member: Membership) -> list[Line]:
    with tenant(member.organization_id):
        return read(notices_of(member), by=member)


def upheld(signed_in: SignIn, dana: Membership, alex: Membership, mona: Membership) -> Review:
    review = reviewed_with_note(dana)
    send(signed_in(alex), alex, review, f"moment:{ANGER}")
    answer = decide(
        signed_in(mona), mona, the_dispute(mona),
        decision="uphold", reason="It names it.", choice="missed", emotion="anger",
    )  # fmt: skip
    assert answer.status_code == 302
    return review


def test_an_upheld_dispute_says_who_about_what_and_what_changed(
    signed_in: SignIn, dana: Membership, alex: Membership, mona: Membership
) -> None:
    upheld(signed_in, dana, alex, mona)
    (mine,) = [line for line in lines_of(alex) if line.kind == "dispute_decided"]
    assert mine.words == "Mona upheld your dispute about the call of 2 November."
    assert mine.detail.endswith(" → Missed")
    (theirs,) = [line for line in lines_of(dana) if line.kind == "dispute_decided"]
    assert theirs.words == "Mona upheld the dispute by Alex about the call of 2 November."
    page = signed_in(alex).get(address("notices", alex)).content.decode()
    assert mine.words in page
    assert mine.detail in page


def test_no_notice_holds_what_a_customer_said(
    signed_in: SignIn, dana: Membership, alex: Membership, mona: Membership
) -> None:
    upheld(signed_in, dana, alex, mona)
    for member in (dana, alex, mona):
        told = " ".join(f"{line.words} {line.detail}" for line in lines_of(member))
        stored = " ".join(str(notice.facts) for notice in notices_of(member))
        for turn in ANGRY_CALL:
            assert turn["text"] not in told + stored
        assert "It names it." not in told + stored


def test_every_kind_of_event_has_its_sentence() -> None:
    told = set()
    for path in files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Dict):
                told |= _constants(node)
            if isinstance(node, ast.keyword) and node.arg == "event":
                told |= _values(node.value)
    told = {event for event in told if re.fullmatch(r"[a-z_]+\.[a-z_]+", event)}
    assert len(told) > 10
    assert told <= SENTENCES.keys()
    made = ("agreement.withheld", "agreement.restored", "dispute.upheld", "dispute.declined")
    assert {*made, "dispute.withdrawn", "reminder.review", "reminder.dispute"} <= SENTENCES.keys()


def _constants(node: ast.Dict) -> set[str]:
    return {
        value
        for key, held in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "event"
        for value in _values(held)
    }


def _values(node: ast.AST) -> set[str]:
    found = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
    return {value for value in found if isinstance(value, str)}


@pytest.mark.parametrize("event", sorted(SENTENCES))
def test_a_sentence_is_whole_whatever_is_missing(event: str, dana: Membership) -> None:
    facts: dict[str, Any] = {"event": event, "channel": "chat", "came": "2026-11-02T10:00:00+00:00"}
    with tenant(dana.organization_id):
        actions.notify(
            [dana], by=System(dana.organization_id), kind=Notice.Kind.AGREEMENT,
            subject=event, address="/", facts=facts,
        )  # fmt: skip
    (line,) = lines_of(dana)
    assert line.words.endswith(".") or "for “" in line.words
    assert "%" not in line.words


def test_the_day_is_the_readers_own(dana: Membership, alex: Membership) -> None:
    late = make_interaction(dana.organization, started_at="2026-11-02T23:30:00Z")
    confirm_review(make_review(dana, late), dana)
    assert "call of 2 November" in lines_of(alex)[0].words
    with timezone.override("Europe/Berlin"):
        assert "call of 3 November" in lines_of(alex)[0].words
    with translation.override("fr"):
        assert "Dana" in lines_of(alex)[0].words


def test_rows_of_releases_before_still_read(dana: Membership) -> None:
    tell(dana, words="A dispute was declined.")
    tell(dana, subject="2", words="")
    first, second = lines_of(dana)
    assert first.words == "A dispute was declined."
    assert second.words == Notice.Kind.AGREEMENT.label


def test_what_is_gone_is_told_no_more_and_its_link_says_so(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership, larkfield: Organization
) -> None:
    make_calibration(mona, [dana, sam], make_interaction(larkfield))
    (before,) = lines_of(dana)
    assert "Mona asked you to score 1 conversation" in before.words
    with tenant(larkfield.id):
        notice = notices_of(dana)[0]
        notice.facts["about"] = ["session", str(mona.pk)]  # as if it were not theirs any more
        notice.save(update_fields=["facts"])
    (line,) = lines_of(dana)
    assert line.gone
    assert "Mona" not in line.words
    client = signed_in(dana)
    answer = client.post(address("notice", dana, pk=notice.pk), follow=True)
    assert "no longer there" in answer.content.decode()
    assert notices_of(dana)[0].read_at


def test_who_has_still_to_judge_a_conversation_is_told_no_outcome(
    signed_in: SignIn, dana: Membership, alex: Membership, mona: Membership, ada: Membership
) -> None:
    review = upheld(signed_in, dana, alex, mona)
    (line,) = [line for line in lines_of(ada) if line.kind == "dispute_decided"]
    assert "Missed" in line.detail
    with tenant(ada.organization_id):
        Embargo.objects.create(
            organization_id=ada.organization_id, member=ada, interaction_id=review.interaction_id
        )
    (line,) = [line for line in lines_of(ada) if line.kind == "dispute_decided"]
    assert line.detail == ""


def test_what_is_new_comes_first_under_its_day(signed_in: SignIn, dana: Membership) -> None:
    for subject in "123":
        tell(dana, subject=subject, words=f"Number {subject}.")
    with tenant(dana.organization_id):
        rows = Notice.objects.visible_to(dana)
        rows.filter(subject="3").update(read_at=timezone.now())
        rows.filter(subject="1").update(created_at=timezone.now() - timedelta(days=1))
    page = signed_in(dana).get(address("notices", dana)).content.decode()
    places = [page.index(word) for word in ("Number 2.", "Yesterday", "Number 1.", "Number 3.")]
    assert places == sorted(places)
    days = by_day(lines_of(dana))
    assert [day.begins for day in days].count(True) >= 1


def test_the_list_is_narrowed_to_one_kind(
    signed_in: SignIn, dana: Membership, alex: Membership
) -> None:
    tell(dana, words="About agreement.")
    review = confirm_review(make_review(dana), dana)
    signed_in(alex).post(address("acknowledge", alex, pk=review.pk), {"answer": "Thanks."})
    client, url = signed_in(dana), address("notices", dana)
    page = client.get(f"{url}?show=feedback").content.decode()
    assert "Alex read your feedback on the call of 2 November and replied." in page
    assert "About agreement." not in page
    assert "No notices match" in client.get(f"{url}?show=calibration").content.decode()
    assert "show=calibration" not in signed_in(alex).get(address("notices", alex)).content.decode()


def test_marking_all_spares_what_came_since_the_page_was_shown(
    signed_in: SignIn, dana: Membership
) -> None:
    tell(dana, subject="1")
    shown = timezone.now()
    tell(dana, subject="2")
    client = signed_in(dana)
    client.post(address("notices-read", dana), {"until": shown.isoformat()})
    assert [notice.read_at is None for notice in notices_of(dana)] == [False, True]
    client.post(address("notices-read", dana), {"until": "yesterday"})
    assert all(notice.read_at for notice in notices_of(dana))


def test_the_list_costs_the_same_for_2_and_20(
    signed_in: SignIn, dana: Membership, alex: Membership
) -> None:
    client, counts, number = signed_in(alex), [], 0
    for more in (2, 18):
        for _each in range(more):
            number += 1
            began = datetime(2026, 11, 2, 10, number, tzinfo=UTC)
            call = make_interaction(dana.organization, started_at=began.isoformat())
            confirm_review(make_review(dana, call), dana)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address("notices", alex)).content.decode()
        counts.append(len(queries))
        assert page.count("Dana shared feedback") == number
    assert counts[0] == counts[1]
