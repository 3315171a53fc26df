"""The steps of building a scorecard as a browser without JavaScript sends them."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from qa.organizations.models import Membership
from qa.tenancy.context import tenant
from scorecards import builder, publishing
from scorecards.models import Scorecard, ScorecardVersion
from tests.reviews.steps import address


def the_card(by: Membership, name: str = "Empathy") -> Scorecard:
    with tenant(by.organization_id):
        publishing.ensure_starters(by=by)
        return Scorecard.objects.visible_to(by).get(name=name)


def versions(by: Membership, card: Scorecard) -> list[ScorecardVersion]:
    with tenant(by.organization_id):
        rows = ScorecardVersion.objects.visible_to(by).filter(scorecard=card)
        return list(rows.order_by("number"))


def fields(body: dict[str, Any], revision: int = 0, **changes: str) -> dict[str, Any]:
    """The builder's form as a browser would send it."""
    sent: dict[str, Any] = {
        "revision": revision,
        "name": body["name"],
        "moments_weight": body["moments_weight"],
        "sections": len(body["sections"]),
    }
    for s, section in enumerate(body["sections"]):
        sent |= {f"s{s}-title": section["title"], f"s{s}-weight": section["weight"]}
        sent[f"s{s}-questions"] = len(section["questions"])
        for q, question in enumerate(section["questions"]):
            at = f"s{s}-q{q}"
            for name in ("id", "text", "kind", "weight", "help", "critical", "worst", "best"):
                sent[f"{at}-{name}"] = question.get(name, "")
            sent |= {
                f"{at}-{name}": "on" for name in ("na", "bonus") if question.get(name, name == "na")
            }
            sent[f"{at}-causes"] = "\n".join(question.get("causes", []))
            sent[f"{at}-anchors"] = "\n".join(question.get("anchors", []))
            sent[f"{at}-options"] = builder.option_lines(question)
            sent[f"{at}-when"] = question.get("when", {}).get("question", "")
            sent[f"{at}-answers"] = question.get("when", {}).get("answers", [])
            sent[f"{at}-figure"] = question.get("bound", {}).get("figure", "")
            sent[f"{at}-limit"] = question.get("bound", {}).get("at_least", "")
    return sent | changes


def send(browser: Client, by: Membership, what: str, card: Scorecard, **data: Any) -> HttpResponse:
    answer: Any = browser.post(address(f"scorecard-{what}", by, pk=card.pk), data)
    return answer
