"""The steps of a review as a browser without JavaScript sends them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qa.organizations.models import Membership
from qa.reviews.models import Review, ReviewMoment
from qa.tenancy.context import tenant

HTMX = {"HX-Request": "true"}


def address(name: str, member: Membership, **kwargs: Any) -> str:
    return reverse(name, kwargs={"slug": member.organization.slug, **kwargs})


@dataclass(frozen=True, slots=True)
class Desk:
    """One specialist's browser on one review."""

    client: Client
    member: Membership
    pk: UUID

    @property
    def review(self) -> Review:
        with tenant(self.member.organization_id):
            rows = Review.objects.visible_to(self.member).select_related(
                "interaction", "scorecard_version"
            )
            return rows.get(pk=self.pk)

    @property
    def moments(self) -> dict[int, ReviewMoment]:
        """The moments by the turn of their cue."""
        with tenant(self.member.organization_id):
            rows = ReviewMoment.objects.visible_to(self.member).filter(review=self.pk)
            return {moment.cue_turn: moment for moment in rows.select_related("moment")}

    @property
    def page(self) -> str:
        return self.client.get(address("review", self.member, pk=self.pk)).content.decode()

    def expire(self) -> None:
        """Let the lease run out."""
        with tenant(self.member.organization_id):
            rows = Review.objects.visible_to(self.member).filter(pk=self.pk)
            rows.update(lease_until=timezone.now() - timedelta(seconds=1))

    def send(self, action: str, *, htmx: bool = False, **data: Any) -> HttpResponse:
        """POST one action, with the revision that the page shows now unless another is given."""
        data.setdefault("revision", self.review.revision)
        note = {"note_pk": data.pop("note_pk")} if "note_pk" in data else {}
        url = address(f"review-{action}", self.member, pk=self.pk, **note)
        answer: Any = self.client.post(url, data, headers=HTMX if htmx else {})
        return answer

    def answer_all(self, value: str = "yes") -> HttpResponse:
        """Answer the whole card: as the moments propose, and everything else with this value."""
        self.send("proposals")
        card, answers = self.review.scorecard_version.body, self.review.answers
        sent = {}
        for question in (asked for part in card["sections"] for asked in part["questions"]):
            said = answers.get(question["id"], {}).get("value", value)
            sent[f"q-{question['id']}"] = said
            if said == "no" and question.get("causes"):
                sent[f"c-{question['id']}"] = question["causes"][0]
        return self.send("answer", **sent)


def take(client: Client, member: Membership, **data: Any) -> Desk:
    """Take the next interaction of the queue, or the one named."""
    answer = client.post(address("queue-take", member), data)
    assert answer.status_code == 302, answer.status_code
    return Desk(client, member, UUID(answer["Location"].rstrip("/").rpartition("/")[2]))
