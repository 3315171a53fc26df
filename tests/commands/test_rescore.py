"""`manage.py rescore`: another pre-score beside the old one, and everything that counts follows."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from qa.audit.models import AuditEvent
from qa.organizations.models import Membership, Organization
from qa.reviews.models import Decision, Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.empathy import prescore_many
from scorecards.models import Moment, PreScore
from tests.commands.rescoring import prescores, rescore, strict_pack
from tests.dashboards.reading import Browser
from tests.pipeline.steps import CALM, agree_with_a_rebuild, process, replace, tables
from tests.world import confirm_review, make_interaction, make_key, make_review


@pytest.fixture
def strict(tmp_path: Path) -> Path:
    return strict_pack(tmp_path)


def test_a_new_pre_score_stands_beside_the_old_which_stays_as_it_was(
    larkfield: Organization, strict: Path
) -> None:
    make_interaction(larkfield)
    (before,) = prescores(larkfield)
    status, lines, errors = rescore("--pack", strict)
    old, new = prescores(larkfield)
    assert status == 0
    assert (old.pk, old.result, old.score) == (before.pk, before.result, before.score)
    assert (old.current, new.current) == (False, True)
    assert (new.engine_version, new.definitions) == ("reader-3.1", "strict-1")
    assert lines == [
        "1 interaction was rescored by reader-3.1 under strict-1",
        "Mean score: 62.5 (n 1) before, 12.5 (n 1) after",
        "Moments: 1 as before, 1 changed",
        "       1  Empathy · specific → Missed",
    ]
    assert errors == (
        "reader-3.1 under strict-1 is in use for what comes in; it was reader-3.1 under "
        "codebook-1.\n1 of 1\n"
    )


def test_a_dry_run_says_the_same_and_stores_nothing(larkfield: Organization, strict: Path) -> None:
    make_interaction(larkfield)
    before = tables(larkfield)
    _, told, _ = rescore("--pack", strict, "--dry-run")
    assert (len(prescores(larkfield)), tables(larkfield)) == (1, before)
    with tenant(larkfield.id):
        assert not AuditEvent.objects.visible_to(System(larkfield.id)).filter(
            action="rescore.begun"
        )
    assert told[0] == "1 interaction would be rescored by reader-3.1 under strict-1"
    assert rescore("--pack", strict)[1][1:] == told[1:]


def test_everything_that_counts_moments_counts_the_current_ones(
    larkfield: Organization,
    strict: Path,
    ada: Membership,
    signed_in: Browser,
) -> None:
    interaction = make_interaction(larkfield)
    rescore("--pack", strict)
    browser = signed_in(ada)
    page = browser.get(f"/o/larkfield/interactions/{interaction.pk}/").content.decode()
    assert 'id="history-title"' in page
    assert "reader-3.1, codebook-1" in page
    assert page.count("Missed") == 2  # beside the turn and in the list of moments
    for address, missed, empathy in (
        ("/o/larkfield/queue/?outcome={}", "missed", "empathy_1"),
        ("/o/larkfield/moments/?outcome={}", "missed", "empathy_1"),
    ):
        shown = browser.get(address.format(missed)).content.decode()
        gone = browser.get(address.format(empathy)).content.decode()
        assert str(interaction.pk) in shown, address
        assert str(interaction.pk) not in gone, address
    headers = {"authorization": f"Bearer {make_key(ada)}"}
    listed = {
        outcome: len(
            browser.get(f"/api/v1/interactions/?outcome={outcome}", headers=headers).json()[
                "results"
            ]
        )
        for outcome in ("missed", "empathy")
    }
    assert listed == {"missed": 1, "empathy": 0}
    answer = browser.get(f"/api/v1/interactions/{interaction.pk}/", headers=headers).json()
    assert answer["prescore"]["engine"]["definitions"] == "strict-1"
    assert answer["prescore"]["score"]["value"] == 12.5
    assert agree_with_a_rebuild(larkfield)


def test_running_it_again_changes_nothing(larkfield: Organization, strict: Path) -> None:
    for n in range(3):
        make_interaction(larkfield, external_id=f"c-{n}")
    rescore("--pack", strict, "--batch", 2)
    once = ([prescore.pk for prescore in prescores(larkfield)], tables(larkfield))
    status, lines, _ = rescore("--pack", strict)
    assert (status, lines) == (0, ["Nothing to do: all are by reader-3.1 under strict-1 already."])
    assert ([prescore.pk for prescore in prescores(larkfield)], tables(larkfield)) == once
    assert len(once[0]) == 6


def test_who_stops_it_runs_it_again_and_it_does_what_is_left(
    larkfield: Organization, strict: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        make_interaction(larkfield, external_id=f"c-{n}")
    runs: list[int] = []

    def stopped(*args: Any, **options: Any) -> Any:
        runs.append(1)
        if len(runs) == 3:
            raise KeyboardInterrupt
        return prescore_many(*args, **options)

    monkeypatch.setattr("scorecards.empathy.prescore_many", stopped)
    status, lines, errors = rescore("--pack", strict, "--batch", 2)
    assert status == 130
    assert lines[0].startswith("4 interactions were rescored")
    assert "Run the same command again" in errors
    assert agree_with_a_rebuild(larkfield)
    status, lines, _ = rescore("--pack", strict, "--batch", 2)
    assert (status, lines[0][:13]) == (0, "1 interaction")
    assert len(prescores(larkfield)) == 10


def test_going_back_makes_the_earlier_pre_score_current_again(
    larkfield: Organization, strict: Path
) -> None:
    make_interaction(larkfield)
    before = tables(larkfield)
    rescore("--pack", strict)
    assert tables(larkfield) != before
    _, lines, _ = rescore()
    assert lines[1] == "  1 by a pre-score of an earlier run, which counts again"
    assert [prescore.current for prescore in prescores(larkfield)] == [True, False]
    assert tables(larkfield) == before
    assert agree_with_a_rebuild(larkfield)


def test_a_confirmed_review_stays_and_its_words_rule_the_dashboards(
    larkfield: Organization, dana: Membership, strict: Path, signed_in: Browser
) -> None:
    review = make_review(dana, confirmed=True)
    before = tables(larkfield)
    _, lines, _ = rescore("--pack", strict)
    assert lines[1] == "  1 reviewed: the review and the person's word stand"
    assert tables(larkfield) == before
    assert agree_with_a_rebuild(larkfield)
    with tenant(larkfield.id):
        kept = Review.objects.visible_to(dana).select_related("prescore").get(pk=review.pk)
    assert (kept.prescore.definitions, kept.score) == ("codebook-1", review.score)
    page = signed_in(dana).get(f"/o/larkfield/interactions/{review.interaction_id}/")
    assert "used for the review" in page.content.decode()
    assert "Missed" not in page.content.decode()
    words = signed_in(dana).get(f"/o/larkfield/reviews/{review.pk}/")
    assert words.status_code == 200


def test_a_draft_keeps_the_pre_score_it_was_opened_on(
    larkfield: Organization, dana: Membership, strict: Path
) -> None:
    draft = make_review(dana)
    _, lines, _ = rescore("--pack", strict)
    assert lines[1] == "  1 in review: the draft stays on the pre-score it was opened on"
    confirm_review(draft, dana)
    with tenant(larkfield.id):
        kept = Review.objects.visible_to(dana).select_related("prescore").get(pk=draft.pk)
        assert set(kept.moments.values_list("decision", flat=True)) == {Decision.ACCEPTED}
    assert kept.prescore.definitions == "codebook-1"
    assert agree_with_a_rebuild(larkfield)


def test_a_review_that_is_opened_afterwards_is_made_on_the_new_one(
    larkfield: Organization, dana: Membership, strict: Path
) -> None:
    make_interaction(larkfield, external_id="c-1")
    rescore("--pack", strict)
    review = make_review(dana, make_interaction(larkfield, external_id="c-1"))
    assert review.prescore.definitions == "strict-1"
    assert agree_with_a_rebuild(larkfield)


def test_content_that_is_replaced_takes_every_pre_score_with_it(
    larkfield: Organization, strict: Path
) -> None:
    interaction = make_interaction(larkfield, external_id="c-1")
    rescore("--pack", strict)
    replace(larkfield, interaction.pk, external_id="c-1", turns=CALM)
    assert prescores(larkfield) == []
    process(interaction)
    (fresh,) = prescores(larkfield)
    assert fresh.current
    assert agree_with_a_rebuild(larkfield)


def test_one_that_the_engine_fails_on_stops_no_other(
    larkfield: Organization, strict: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        make_interaction(larkfield, external_id=f"c-{n}")
    poison = make_interaction(larkfield, external_id="poison", turns=CALM)

    def choosy(interactions: Any, **options: Any) -> Any:
        for turns in interactions:
            if turns[0].text == CALM[0]["text"]:
                raise ValueError("cannot read this")
            yield from prescore_many([turns], **options)

    monkeypatch.setattr("scorecards.empathy.prescore_many", choosy)
    status, lines, errors = rescore("--pack", strict)
    assert status == 1
    assert lines[0].startswith("3 interactions were rescored")
    assert f"The engine failed on 1, which keep what they have: {poison.pk}" in errors
    by = System(larkfield.id)
    with tenant(larkfield.id):
        kept = PreScore.objects.visible_to(by).current()
        assert kept.get(interaction=poison).definitions == "codebook-1"
        assert kept.filter(definitions="strict-1").count() == 3
        assert Moment.objects.visible_to(by).current().count() == 6


def test_only_what_began_on_that_day_or_later(larkfield: Organization) -> None:
    make_interaction(larkfield, external_id="old", started_at="2026-10-31T23:59:59Z")
    make_interaction(larkfield, external_id="new", started_at="2026-11-01T00:00:00Z")
    _, lines, _ = rescore("--engine", "cues-1.0", "--since", "2026-11-01")
    assert lines[0].startswith("1 interaction was")
    assert len(prescores(larkfield)) == 3


def test_other_organizations_are_left_alone(
    larkfield: Organization, elsewhere: Organization, strict: Path
) -> None:
    make_interaction(elsewhere)
    assert rescore("--pack", strict)[1][0].startswith("Nothing to do")
    assert len(prescores(elsewhere)) == 1


def test_the_audit_trail_says_what_was_begun(larkfield: Organization, strict: Path) -> None:
    make_interaction(larkfield)
    rescore("--pack", strict)
    with tenant(larkfield.id):
        event = AuditEvent.objects.visible_to(System(larkfield.id)).get(action="rescore.begun")
    assert event.data["definitions"] == "strict-1"
    assert event.data["interactions"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--engine", "best-9"], r"There is no engine best-9\. Known: cues-1\.0"),
        (["--pack", "nowhere.toml"], r"--pack can't be used\. nowhere\.toml: .*No such file"),
        (["--since", "yesterday"], r"--since yesterday: write a day as 2026-11-02"),
        (["--batch", "0"], r"--batch must be 1 or more"),
    ],
)
def test_wrong_arguments_are_refused_in_words(
    larkfield: Organization, arguments: list[str], words: str
) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        rescore(*arguments)
    assert refused.value.returncode == 2


def test_faults_of_a_pack_are_named(larkfield: Organization, strict: Path) -> None:
    strict.write_text(strict.read_text().replace("missed = 0", "missed = 101"))
    with pytest.raises(CommandError, match=r"strict-1\.toml: weights\.missed"):
        rescore("--pack", strict)


def test_an_unknown_organization_is_refused(larkfield: Organization) -> None:
    with pytest.raises(CommandError, match="no organization with the slug nowhere") as refused:
        rescore(organization="nowhere")
    assert refused.value.returncode == 2
