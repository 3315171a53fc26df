"""The agent's side: praise first, their own feedback only, read once."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.coaching import actions as coaching
from qa.coaching.models import Acknowledgement
from qa.organizations.models import Membership, Organization, Role
from qa.reviews import actions as reviews
from qa.reviews.models import Review
from qa.tenancy.context import tenant
from tests.dashboards.reading import Browser
from tests.scored import scored
from tests.world import confirm_review, make_member, make_review

pytestmark = pytest.mark.usefixtures("engine")


def told(dana: Membership, *moments: tuple[str, str, int], **more: Any) -> Review:
    """A confirmed review of Alex's with a note on the first words of a reply, and a summary."""
    review = make_review(dana, scored(dana.organization, *moments, **more))
    with tenant(dana.organization_id):
        if moments:
            coaching.write_note(
                review, by=dana, turn=2, kind="praise", text="Well said.", start=0, end=7
            )
        reviews.write_summary(review, by=dana, text="Thank you for <i>listening</i>.")
    return confirm_review(review, dana)


def words(html: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html)
    return re.sub(r"\s+", " ", text)


STATUS = {"nobody": 302, "mallory": 404, "dana": 403, "mona": 403, "ada": 403, "alex": 200}


@pytest.mark.parametrize("path", ["feedback/", "feedback/{pk}/"])
def test_only_agents_see_feedback(
    dana: Membership,
    alex: Membership,
    signed_in: Browser,
    request: pytest.FixtureRequest,
    path: str,
) -> None:
    review = told(dana, ("fear", "empathy", 2))
    for name, status in STATUS.items():
        caller = None if name == "nobody" else request.getfixturevalue(name)
        address = f"/o/larkfield/{path.format(pk=review.pk)}"
        assert signed_in(caller).get(address).status_code == status, name


def test_only_the_agent_can_acknowledge(
    dana: Membership, alex: Membership, signed_in: Browser, request: pytest.FixtureRequest
) -> None:
    review = told(dana, ("fear", "empathy", 2))
    address = f"/o/larkfield/feedback/{review.pk}/acknowledge/"
    for name, status in STATUS.items():
        caller = None if name == "nobody" else request.getfixturevalue(name)
        browser = signed_in(caller)
        assert browser.get(address).status_code in {302, 405}, name
        expected = 302 if name == "alex" else status
        assert browser.post(address).status_code == expected, name
    with tenant(dana.organization_id):
        assert Acknowledgement.objects.visible_to(dana).count() == 1


def test_an_agent_sees_nobody_elses_feedback(
    larkfield: Organization, dana: Membership, alex: Membership, signed_in: Browser
) -> None:
    other = told(dana, ("fear", "empathy", 2), agent="a-2", name="Bo Reed")
    draft = make_review(dana, scored(larkfield, ("fear", "missed", 0)))
    nobody = make_member(larkfield, "Una", Role.AGENT)
    own = told(dana, ("fear", "empathy", 2))
    browser = signed_in(alex)
    for review in (other, draft):
        assert browser.get(f"/o/larkfield/feedback/{review.pk}/").status_code == 404
        address = f"/o/larkfield/feedback/{review.pk}/acknowledge/"
        assert browser.post(address).status_code == 404
    home = browser.get("/o/larkfield/feedback/").context["home"]
    assert [review.pk for review in home.new] == [own.pk]
    browser = signed_in(nobody)
    assert browser.get(f"/o/larkfield/feedback/{own.pk}/").status_code == 404
    html = browser.get("/o/larkfield/feedback/").content.decode()
    assert "isn’t linked to your conversations yet" in html


def test_the_start_praises_first_and_never_ranks(
    dana: Membership, alex: Membership, signed_in: Browser
) -> None:
    larkfield = dana.organization
    scored(larkfield, ("fear", "empathy", 1), days_ago=1, words="generic words")
    scored(larkfield, ("anger", "empathy", 2), ("anger", "missed", 0), days_ago=3, words="golden")
    scored(larkfield, ("sadness", "missed", 0), days_ago=2, words="quiet")
    scored(larkfield, ("relief", "empathy", 1), days_ago=9)
    scored(larkfield, days_ago=2)
    answer = signed_in(alex).get("/o/larkfield/feedback/")
    home = answer.context["home"]
    assert (home.week.feelings, home.week.met) == (4, 2)
    assert (home.week_before.feelings, home.week_before.met) == (1, 1)
    said = words(answer.content.decode())
    assert "Your best moment this week Outcome empathy 2: golden" in said
    assert "This week, 2 of 4 feelings were met with empathy." in said
    assert "The week before, 1 of 1 were met with empathy." in said
    assert said.index("best moment") < said.index("This week, 2") < said.index("New feedback")
    assert not re.search(r"rank|average|team|%|score|better than", said.split("Hi ")[1])


@pytest.mark.parametrize(
    ("moments", "sentence"),
    [
        ([("fear", "empathy", 1)], "This week, 1 of 1 feeling was met with empathy."),
        ([("fear", "missed", 0)], "This week, 0 of 1 feeling was met with empathy."),
        ([], "Nothing here yet"),
    ],
)
def test_the_week_in_words(
    larkfield: Organization,
    alex: Membership,
    signed_in: Browser,
    moments: list[tuple[str, str, int]],
    sentence: str,
) -> None:
    scored(larkfield, *moments)
    assert sentence in words(signed_in(alex).get("/o/larkfield/feedback/").content.decode())


def test_an_older_moment_is_worth_remembering(
    larkfield: Organization, alex: Membership, signed_in: Browser
) -> None:
    scored(larkfield, ("fear", "empathy", 2), days_ago=12)
    html = signed_in(alex).get("/o/larkfield/feedback/").content.decode()
    assert "A moment worth remembering" in html
    assert "No customer showed a feeling this week." in html


def test_a_review_is_read_with_notes_on_words_and_outcomes_in_words(
    dana: Membership, alex: Membership, signed_in: Browser
) -> None:
    review = make_review(
        dana, scored(dana.organization, ("fear", "missed", 0), ("anger", "missed", 0))
    )
    with tenant(dana.organization_id):
        coaching.write_note(
            review, by=dana, turn=2, kind="suggestion", text="<b>Next time</b>", start=0, end=7
        )
        fear, anger = review.moments.order_by("cue_turn")
        reviews.change(fear, by=dana, emotion="fear", outcome="empathy", strength=2, reason="tone")
        reviews.reject(anger, by=dana)
        reviews.write_summary(review, by=dana, text="Thank you for <i>listening</i>.")
    confirm_review(review, dana)
    html = signed_in(alex).get(f"/o/larkfield/feedback/{review.pk}/").content.decode()
    said = words(html)
    assert "You showed you understood what it meant for them." in said
    assert "Suggestion Dana Outcome &lt;b&gt;Next time&lt;/b&gt;" in said
    assert '<mark class="pinned">Outcome</mark>' in " ".join(html.split())
    assert "Thank you for &lt;i&gt;listening&lt;/i&gt;." in html
    assert 'id="turn-3"' in html
    assert "Anger" not in said, "the specialist saw no feeling there"
    assert "pre-score" not in said, "an agent reads the person's word"


def test_the_whole_score_adds_up_for_the_agent_and_for_the_specialist(
    dana: Membership, alex: Membership, signed_in: Browser
) -> None:
    met = scored(dana.organization, ("fear", "empathy", 2), ("anger", "missed", 0))
    review = make_review(dana, met, confirmed=True)
    assert review.score is not None
    for reader, page in (
        (alex, f"/o/larkfield/feedback/{review.pk}/"),
        (dana, f"/o/larkfield/reviews/{review.pk}/"),
    ):
        html = signed_in(reader).get(page).content.decode()
        table = html.partition('<table class="table score-why__parts">')[2].partition("</table>")[0]
        rows = [words(row).strip() for row in table.partition("<tbody>")[2].split("</tr>")]
        assert rows[0].startswith("Feelings")
        feelings = rows[1]
        assert "1 \u00d7 Empathy · specific at 100" in feelings
        assert "1 \u00d7 Missed at 0" in feelings
        adds = [float(one) for row in rows for one in re.findall(r"% ([\d.]+)$", row)]
        weights = [float(one) for row in rows for one in re.findall("\u00d7 ([\\d.]+) %", row)]
        assert sum(weights) == pytest.approx(100, abs=0.2)
        assert sum(adds) == pytest.approx(review.score, abs=0.2)
        assert len(adds) > 1


def test_reading_is_acknowledged_once_with_an_answer(
    dana: Membership, alex: Membership, signed_in: Browser
) -> None:
    review = told(dana, ("fear", "empathy", 2))
    browser = signed_in(alex)
    address = f"/o/larkfield/feedback/{review.pk}/"
    assert "Mark as read" in browser.get(address).content.decode()
    answer = browser.post(
        f"{address}acknowledge/", {"answer": "Thanks! <script>alert(1)</script>"}, follow=True
    )
    assert answer.redirect_chain == [(address, 302)]
    html = answer.content.decode()
    assert "Marked as read." in html
    assert "You marked this as read on" in html
    assert "Thanks! &lt;script&gt;" in html
    assert "Mark as read" not in html
    again = browser.post(f"{address}acknowledge/", {"answer": "Changed my mind"})
    assert again.status_code == 409
    assert "You’ve already marked this review as read." in again.content.decode()
    with tenant(dana.organization_id):
        kept = Acknowledgement.objects.visible_to(dana).get(review=review)
        assert kept.answer == "Thanks! <script>alert(1)</script>"
    home = browser.get("/o/larkfield/feedback/").context["home"]
    assert home.new == []
    assert [row.pk for row in home.read.rows] == [review.pk]


def test_htmx_gets_the_part_only(dana: Membership, alex: Membership, signed_in: Browser) -> None:
    review = told(dana, ("fear", "empathy", 2))
    browser = signed_in(alex)
    address = f"/o/larkfield/feedback/{review.pk}/acknowledge/"
    htmx = {"HX-Request": "true"}
    long = browser.post(address, {"answer": "x" * 2001}, headers=htmx)
    assert long.status_code == 422
    assert "under 2,000 characters" in long.content.decode()
    for status, said in (
        (200, "You marked this as read on"),
        (409, "already marked this review as read"),
    ):
        part = browser.post(address, {}, headers=htmx)
        html = part.content.decode()
        assert part.status_code == status
        assert said in html
        assert html.count("<section") == 1
        assert "<html" not in html


def test_pages_of_what_was_read(dana: Membership, alex: Membership, signed_in: Browser) -> None:
    for _ in range(12):
        review = told(dana)
        with tenant(dana.organization_id):
            coaching.acknowledge(review, by=alex)
    browser = signed_in(alex)
    first = browser.get("/o/larkfield/feedback/").context["home"].read
    second = browser.get(f"/o/larkfield/feedback/{first.older_url}").context["home"].read
    shown = [row.pk for page in (first, second) for row in page.rows]
    assert (len(first.rows), len(second.rows)) == (10, 2)
    assert len(set(shown)) == 12


def test_as_many_queries_for_two_reviews_as_for_twenty(
    dana: Membership, alex: Membership, signed_in: Browser
) -> None:
    browser = signed_in(alex)
    review = told(dana, ("fear", "empathy", 2))
    told(dana, ("fear", "missed", 0))
    addresses = ["/o/larkfield/feedback/", f"/o/larkfield/feedback/{review.pk}/"]
    few = [asked(browser, address) for address in addresses]
    for number in range(18):
        other = told(dana, ("fear", "empathy", 2))
        if number % 2:
            with tenant(dana.organization_id):
                coaching.acknowledge(other, by=alex)
    assert [asked(browser, address) for address in addresses] == few


def asked(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)
