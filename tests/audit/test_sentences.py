"""The audit trail in words: a sentence for all that the code can write, names for ids, changes."""

import ast
import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.audit.actions import changes, record
from qa.audit.models import AuditEvent
from qa.coaching.policy import set_feedback_policy
from qa.disputes.models import Dispute
from qa.interactions.saved_views import keep
from qa.organizations import directory, teams
from qa.organizations.models import Membership, Organization
from qa.reviews.models import Embargo
from qa.reviews.policy import set_policy
from qa.sampling import actions as sampling
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from qa.trail.reading import Deed, read
from qa.trail.sentences.registry import AREAS, ENTRIES
from tests.furnished import furnish
from tests.reviews.steps import address
from tests.test_architecture import files, module, tree
from tests.world import confirm_review, make_interaction, make_review

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
# Kinds of action that are put together where they are written, in the module that does so.
PUT_TOGETHER = {
    "qa.disputes.actions": {f"dispute.{status}" for status in Dispute.Status.values}
    - {"dispute.open"},
    "qa.organizations.directory": {"agent.renamed", "agent.moved", "agent.changed"},
    "qa.organizations.departures": {"member.left", "member.deactivated", "member.removed"},
    "qa.agreement.actions": {"agreement.withheld", "agreement.restored"},
}
# What no code writes any more, and trails of older releases hold.
WRITTEN_ONCE = {"member.added", "member.link_made"}


def written(path: Path) -> tuple[set[str], int]:
    """The kinds of action that a file writes as they stand, and how many it puts together."""
    kinds: set[str] = set()
    other = 0
    for node in ast.walk(tree(path)):
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if not (called and ast.unparse(node.func) == "audit.record"):  # type: ignore[attr-defined]
            continue
        action = node.args[1]  # type: ignore[attr-defined]
        options = [action.body, action.orelse] if isinstance(action, ast.IfExp) else [action]
        for option in options:
            if isinstance(option, ast.Constant):
                kinds.add(str(option.value))
            else:
                other += 1
    return kinds, other


def test_every_kind_of_action_has_its_sentence() -> None:
    known = set(WRITTEN_ONCE)
    for path in files():
        kinds, other = written(path)
        put_together = PUT_TOGETHER.get(module(path), set())
        assert bool(other) == bool(put_together), f"{module(path)}: name them in PUT_TOGETHER"
        known |= kinds | put_together
    assert len(known) > 60
    assert known - ENTRIES.keys() == set(), "these have no sentence in qa/trail/sentences"
    assert sum(len(entries) for _name, _word, entries in AREAS) == len(ENTRIES), "twice"


def deeds(by: Membership) -> list[Deed]:
    with tenant(by.organization_id):
        return read(list(AuditEvent.objects.visible_to(by).order_by("number")), by=by)


def last(by: Membership) -> Deed:
    return deeds(by)[-1]


def test_all_that_an_organization_does_reads_in_words(larkfield: Organization) -> None:
    people = furnish(larkfield).people
    admin = next(member for role, member in people.items() if role == "admin")
    uuid = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
    for deed in deeds(admin):
        said = " ".join((deed.who, deed.what, deed.about.text, *deed.changes))
        assert not uuid.search(said), said
        assert deed.action in ENTRIES
        assert "%(" not in said


def test_settings_say_what_they_were_and_are(mona: Membership, ada: Membership) -> None:
    with tenant(mona.organization_id):
        set_policy(by=mona, blind_percent=0, threshold=0.6, least=30)
        set_policy(by=mona, blind_percent=10, threshold=0.7, least=30)
        told = last(ada)
        set_feedback_policy(by=mona, dispute_days=14, share_from=0.9, remind_days=3)
        shared = last(ada)
    assert told.who == "Mona"
    assert told.what == "Changed the rules for reviews"
    assert "Minimum kappa for pre-fill: 0.60 → 0.70" in told.changes
    assert "Share of blind reviews: 0 % → 10 %" in told.changes
    assert len(told.changes) == 2, "what stayed is not told"
    assert list(shared.changes) == [
        "Share pre-scores from a confidence of: off → 90 %",
        "Remind agents after: 7 days → 3 days",
    ]


def test_rules_teams_and_agents_say_what_they_were_and_are(
    mona: Membership, ada: Membership, alex: Membership
) -> None:
    with tenant(mona.organization_id):
        rule = sampling.create_rule(by=mona, kind="share", name="Some", percent=10)
        sampling.change_rule(rule, by=mona, percent=25, specialists=[ada.pk])
        assert list(last(ada).changes) == ["Share: 10 % → 25 %", "Reviewers: none → Ada"]
        team = teams.add_team(by=ada, name="Returns")
        teams.change_team(team, by=ada, name="Returns", manager=mona)
        assert list(last(ada).changes) == ["Team lead: none → Mona"]
        agent = alex.agent
        assert agent is not None
        directory.change_agent(
            agent, by=ada, name=agent.name, external_id=agent.external_id, team=team
        )
        moved = last(ada)
    assert moved.changes[0].endswith(" → Returns")
    assert moved.about.text == agent.name
    assert moved.about.url == address("settings-agent", ada, pk=agent.pk)


def test_old_rows_read_too(larkfield: Organization, ada: Membership) -> None:
    by = System(larkfield.id)
    with tenant(larkfield.id):
        record(by, "reviews.policy_set", larkfield, {"least": 30, "threshold": 0.6})
        record(by, "rule.created", larkfield, {"kind": "missed_anger"})
        record(by, "something.new", larkfield, {"n": 3})
    policy, rule, unknown = deeds(ada)[-3:]
    assert "Minimum kappa for pre-fill: 0.60" in policy.changes
    assert list(rule.changes) == ["Rule: Missed anger"]
    assert (unknown.what, list(unknown.changes)) == ("something: new", ["n: 3"])


def test_what_the_reader_has_still_to_judge_is_not_told(dana: Membership, ada: Membership) -> None:
    review = confirm_review(make_review(dana), dana)
    assert any("Score" in change for change in last(ada).changes)
    with tenant(ada.organization_id):
        Embargo.objects.create(
            organization_id=ada.organization_id, member=ada, interaction_id=review.interaction_id
        )
    assert [deed for deed in deeds(ada) if "Score" in " ".join(deed.changes)] == []


def test_what_differs_is_kept_and_nothing_else(ada: Membership) -> None:
    kept = changes({"a": 1, "b": [2, 1], "c": ada}, {"a": 2, "b": [1, 2], "c": None})
    assert kept == {"changes": {"a": [1, 2], "c": [str(ada.pk), None]}}
    assert json.dumps(kept)


# The page


def entries(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-label="Number">(\d+)<', page)]


def test_filters_narrow_by_who_what_about_whom_and_when(
    signed_in: SignIn, dana: Membership, ada: Membership, mona: Membership
) -> None:
    call = make_interaction(dana.organization, external_id="call-7")
    confirm_review(make_review(dana, call), dana)
    with tenant(dana.organization_id):
        keep(by=mona, name="Mine", query="status=reviewed")
    client, url = signed_in(ada), address("settings-audit", ada)

    def found(query: str) -> str:
        return client.get(f"{url}?{query}").content.decode()

    assert "Saved a view" in found(f"who={mona.actor_label}")
    assert "Submitted a review" not in found(f"who={mona.actor_label}").partition("<table")[2]
    assert len(entries(found("kind=review.confirmed"))) == 1
    assert len(entries(found("kind=reviews"))) >= 2
    about = found("about=call-7").partition("<table")[2]
    assert "Review of call-7" in about
    assert "Mine" not in about
    row = found(f"about=transcripts.interaction:{call.pk}")
    assert "Review of call-7" not in row.partition("<table")[2]
    assert entries(found("begin=2031-01-01")) == []
    assert "No entry fits" in found("begin=2031-01-01")
    assert entries(found("end=9999-12-31&begin=0001-01-01"))
    for odd in ("who=x", "kind=%00", "about=%00", "begin=x", "about=transcripts.interaction:x"):
        assert client.get(f"{url}?{odd}").status_code == 200


def test_the_table_holds_the_filter_and_no_formula(
    signed_in: SignIn, larkfield: Organization, ada: Membership, mona: Membership
) -> None:
    with tenant(larkfield.id):
        teams.add_team(by=ada, name="=cmd|' /C calc'!A0")
        for number in range(1100):
            record(mona, "view.removed", larkfield, {"n": number})
    answer = signed_in(ada).get(address("settings-audit-export", ada), {"kind": "team.added"})
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    _header, row = csv.reader(io.StringIO(text))
    assert row[3] == "Added a team"
    assert row[4].startswith("'=cmd")
    whole = signed_in(ada).get(address("settings-audit-export", ada), {"kind": "people"})
    lines = list(csv.reader(io.StringIO(b"".join(whole.streaming_content).decode("utf-8-sig"))))
    numbers = [int(line[0]) for line in lines[1:]]
    assert len(numbers) >= 1100
    assert numbers == sorted(set(numbers), reverse=True), "over several parts, none twice"


def test_pages_stay_while_entries_come_in(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    def write(more: int) -> None:
        with tenant(larkfield.id):
            for _each in range(more):
                record(ada, "view.removed", larkfield, {})

    write(60)
    client, url = signed_in(ada), address("settings-audit", ada)
    first = client.get(f"{url}?kind=view.removed").content.decode()
    following = re.search(r'href="(\?[^"]*older=[^"]+)"', first)
    assert following
    write(30)
    second = client.get(url + following[1].replace("&amp;", "&")).content.decode()
    assert set(entries(first)).isdisjoint(entries(second))
    assert min(entries(first)) - 1 == max(entries(second))
    assert "kind=view.removed" in following[1]


def test_names_take_as_many_queries_for_20_entries_as_for_2(
    signed_in: SignIn, ada: Membership, mona: Membership
) -> None:
    client, url, counts = signed_in(ada), address("settings-audit", ada), []
    made = 0
    for more in (2, 18):
        with tenant(ada.organization_id):
            for _each in range(more):
                made += 1
                team: Any = teams.add_team(by=mona, name=f"Team {made}", manager=mona)
                directory.add_agent(by=ada, name=f"Agent {made}", team=team)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
