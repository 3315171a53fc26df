"""`manage.py rescore --pack`: what comes in is scored by it too, and nobody else's is."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa import tasks
from qa.audit.models import AuditEvent
from qa.organizations.models import Membership, Organization
from qa.site.checks import DEFINITIONS
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.choices import Emotion
from scorecards.empathy import DEFAULT_ENGINE, DEFAULT_PACK, load_pack
from scorecards.in_use import EngineConfig, engine_in_use
from scorecards.models import DefinitionPack, EngineInUse
from tests.commands.rescoring import own_pack, prescores, rescore, strict_pack
from tests.dashboards.reading import Browser
from tests.pipeline.steps import CALM, process, stored, submit
from tests.world import ANGRY_CALL, interaction_json, make_interaction, make_key
from transcripts.models import Interaction

FIRST = '[[emotions]]\nvalue = "anger"'
JOY = '[[emotions]]\nvalue = "joy"\nlabel = "Joy"\nshows = "joy"\nexample = "Oh joy!"\n'
SYMPATHY = ("\nsympathy_only = 25\n", "\nsympathy_only = 30\n")
OURS = {"engine_version": "reader-3.1", "definitions": "codebook-1"}


@pytest.fixture
def strict(tmp_path: Path) -> Path:
    return strict_pack(tmp_path)


def in_use(organization: Organization) -> dict[str, str]:
    return engine_in_use(System(organization.id)).version_key


def made_under(organization: Organization) -> list[str]:
    return [prescore.definitions for prescore in prescores(organization) if prescore.current]


def push(browser: Browser, member: Membership, query: str = "", **changes: Any) -> Any:
    headers = {"authorization": f"Bearer {make_key(member)}"}
    body = json.dumps(interaction_json(**changes))
    address = f"/api/v1/interactions/{query}"
    return browser(None).post(address, body, content_type="application/json", headers=headers)


def test_what_comes_in_afterwards_is_scored_under_it(
    larkfield: Organization, ada: Membership, strict: Path, signed_in: Browser
) -> None:
    make_interaction(larkfield, external_id="before")
    rescore("--pack", strict)
    answer = push(signed_in, ada, external_id="after")
    assert answer.status_code == 201
    process(stored(larkfield, answer.json()["id"]))
    assert made_under(larkfield) == ["strict-1", "strict-1"]
    many = submit(larkfield, {"external_id": "c-1"}, {"external_id": "c-2", "turns": CALM})
    tasks.process_many(str(larkfield.id), [str(pushed.id) for pushed in many])
    assert made_under(larkfield) == ["strict-1"] * 4
    tried = push(signed_in, ada, "?dry_run=true", external_id="tried").json()
    assert tried["engine"]["definitions"] == "strict-1"
    assert tried["score"]["value"] == 12.5


def test_another_engine_scores_what_comes_in_too(
    larkfield: Organization, ada: Membership, signed_in: Browser
) -> None:
    rescore("--engine", "cues-1.0")
    make_interaction(larkfield)
    assert [made.engine_version for made in prescores(larkfield)] == ["cues-1.0"]
    tried = push(signed_in, ada, "?dry_run=true", external_id="tried").json()
    assert tried["engine"]["name"] == "cues"


def test_without_arguments_it_goes_back_to_heards_own(
    larkfield: Organization, strict: Path
) -> None:
    rescore("--pack", strict, "--engine", "cues-1.0")
    make_interaction(larkfield, external_id="c-1")
    status, _, errors = rescore()
    assert status == 0
    assert "reader-3.1 under codebook-1 is in use for what comes in; it was cues-1.0" in errors
    make_interaction(larkfield, external_id="c-2")
    assert made_under(larkfield) == ["codebook-1"] * 2
    by = System(larkfield.id)
    with tenant(larkfield.id):
        assert not EngineInUse.objects.visible_to(by).exists()
        assert DefinitionPack.objects.visible_to(by).get().definitions == "strict-1"
    rescore("--pack", strict)  # the same content under its id may come again
    assert made_under(larkfield) == ["strict-1"] * 2


def test_the_default_engine_is_not_named_so_that_an_upgrade_moves_it(
    larkfield: Organization, strict: Path
) -> None:
    rescore("--pack", strict, "--engine", DEFAULT_ENGINE)
    with tenant(larkfield.id):
        row = EngineInUse.objects.visible_to(System(larkfield.id)).select_related("pack").get()
    assert (row.engine, row.pack and row.pack.definitions) == ("", "strict-1")


def test_a_copy_of_heards_own_is_heards_own(larkfield: Organization, tmp_path: Path) -> None:
    for name in ("codebook-1.toml", "codebook-1.calibration.json"):
        (tmp_path / name).write_bytes((DEFAULT_PACK.parent / name).read_bytes())
    _, lines, errors = rescore("--pack", tmp_path / "codebook-1.toml")
    assert (lines[0][:13], errors) == ("Nothing to do", "")
    with tenant(larkfield.id):
        assert not DefinitionPack.objects.visible_to(System(larkfield.id)).exists()


def test_an_organization_without_interactions_puts_one_to_use_too(
    larkfield: Organization, strict: Path
) -> None:
    status, lines, errors = rescore("--pack", strict)
    assert (status, lines) == (0, ["Nothing to do: all are by reader-3.1 under strict-1 already."])
    assert errors.startswith("reader-3.1 under strict-1 is in use for what comes in; it was reader")
    make_interaction(larkfield)
    assert made_under(larkfield) == ["strict-1"]


def test_a_dry_run_puts_nothing_to_use(larkfield: Organization, strict: Path) -> None:
    make_interaction(larkfield)
    _, _, errors = rescore("--pack", strict, "--dry-run")
    assert errors.startswith("reader-3.1 under strict-1 would be in use for what comes in; it was")
    assert in_use(larkfield) == OURS
    by = System(larkfield.id)
    with tenant(larkfield.id):
        for rows in (DefinitionPack.objects.visible_to(by), EngineInUse.objects.visible_to(by)):
            assert not rows.exists()
        assert not AuditEvent.objects.visible_to(by).filter(action="definitions.put_to_use")


def test_the_audit_trail_says_what_was_put_to_use_and_what_was_before(
    larkfield: Organization, ada: Membership, strict: Path, signed_in: Browser
) -> None:
    for _ in range(2):  # the second run changes nothing
        rescore("--pack", strict)
    with tenant(larkfield.id):
        event = AuditEvent.objects.visible_to(ada).get(action="definitions.put_to_use")
    before = {f"{name}_before": value for name, value in OURS.items()}
    assert event.data == {**before, "engine_version": "reader-3.1", "definitions": "strict-1"}
    page = signed_in(ada).get("/o/larkfield/settings/audit/").content.decode()
    assert "Put another engine or other definitions to use" in page


def test_organizations_do_not_see_each_others(
    larkfield: Organization, elsewhere: Organization, tmp_path: Path
) -> None:
    rescore("--pack", strict_pack(tmp_path, "ours-1"))
    make_interaction(elsewhere, external_id="c-1")
    assert in_use(elsewhere) == OURS
    assert made_under(elsewhere) == ["codebook-1"]
    (tmp_path / "other").mkdir()
    other = own_pack(tmp_path / "other", "ours-1", SYMPATHY)
    rescore("--pack", other, organization="elsewhere")  # the same id, and another pack
    for organization in (larkfield, elsewhere):
        make_interaction(organization, external_id="c-2")
    scores = {
        organization.slug: [made.score for made in prescores(organization) if made.current]
        for organization in (larkfield, elsewhere)
    }
    assert scores == {"larkfield": [12.5], "elsewhere": [65.0, 65.0]}


def test_a_run_for_some_days_never_leaves_two_definitions(
    larkfield: Organization, strict: Path
) -> None:
    make_interaction(larkfield, external_id="old", started_at="2026-10-01T00:00:00Z")
    make_interaction(larkfield, external_id="new", started_at="2026-11-02T00:00:00Z")
    since = ("--since", "2026-11-01")
    words = r"--since would leave what began before 2026-11-01 under other definitions than strict"
    with pytest.raises(CommandError, match=words) as refused:
        rescore("--pack", strict, *since)
    assert refused.value.returncode == 2
    assert in_use(larkfield) == OURS
    _, lines, _ = rescore("--pack", strict, *since, "--dry-run")
    assert lines[0].startswith("1 interaction would be")
    rescore("--pack", strict)
    _, lines, _ = rescore("--pack", strict, "--engine", "cues-1.0", *since)
    assert lines[0].startswith("1 interaction was rescored by cues-1.0 under strict-1")


def test_after_a_run_that_was_stopped_what_is_earlier_is_not_left_behind(
    larkfield: Organization, strict: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_interaction(larkfield, started_at="2026-10-01T00:00:00Z")

    def stopped(*args: Any, **options: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("scorecards.empathy.prescore_many", stopped)
        assert rescore("--pack", strict)[0] == 130
    with pytest.raises(CommandError, match="--since would leave what began before 2026-11-01"):
        rescore("--pack", strict, "--since", "2026-11-01")
    rescore("--pack", strict)
    assert made_under(larkfield) == ["strict-1"]


Change = Callable[[Path], Path]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda folder: own_pack(folder, "strict-1", ("\nmissed = 0\n", "\nmissed = 1\n")),
            r"pack\.id: strict-1 was put to use before with other content.* new id\.",
        ),
        (
            lambda folder: _calibrated(strict_pack(folder)),
            r"pack\.id: strict-1 was put to use before with other content",
        ),
        (
            lambda folder: strict_pack(folder, "codebook-1"),
            r"pack\.id: codebook-1 is an id of Heard's own definitions.* new id\.",
        ),
        (
            lambda folder: strict_pack(folder, "codebook-12"),
            r"pack\.id: codebook-12 is an id of Heard's own definitions",
        ),
        (lambda folder: strict_pack(folder, "o" * 61), r"pack\.id: must be at most 60 printable"),
        (
            lambda folder: own_pack(folder, "joy-1", (FIRST, f"{JOY}\n{FIRST}")),
            r"emotions: joy can't be counted\. Known: frustration, anger",
        ),
        (
            lambda folder: _padded(strict_pack(folder, "large-1")),
            r"--pack can't be used\. large-1\.toml: is larger than 1,000,000 bytes",
        ),
    ],
)
@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_what_cannot_be_told_apart_or_counted_is_refused(
    *,
    larkfield: Organization,
    strict: Path,
    tmp_path: Path,
    change: Change,
    words: str,
    dry: tuple[str, ...],
) -> None:
    rescore("--pack", strict)
    (tmp_path / "changed").mkdir()
    with pytest.raises(CommandError, match=words) as refused:
        rescore("--pack", change(tmp_path / "changed"), *dry)
    assert refused.value.returncode == 2
    assert in_use(larkfield)["definitions"] == "strict-1"


def _calibrated(path: Path) -> Path:
    table = json.dumps({"rules": {}, "values": {"cue:1": 0.9}})
    path.with_suffix(".calibration.json").write_text(table)
    return path


def _padded(path: Path) -> Path:
    path.write_text(path.read_text() + "#" * 1_000_000)
    return path


@pytest.fixture(params=["pack", "engine"])
def outdated(request: pytest.FixtureRequest, larkfield: Organization) -> dict[str, str]:
    """What was put to use under an earlier release, and can't be used under this one."""
    by = System(larkfield.id)
    old = {"pack": None, "engine": "reader-0.9"}
    if request.param == "pack":
        text = DEFAULT_PACK.read_text().replace("schema = 1", "schema = 0", 1)
        with tenant(larkfield.id):
            pack = DefinitionPack(organization=larkfield, definitions="old-1", text=text)
            pack.save()
        old = {"pack": pack, "engine": ""}
    with tenant(larkfield.id):
        EngineInUse.objects.create(organization_id=by.organization_id, **old)
    reason = {"pack": "old-1: schema: must be 1", "engine": "There is no engine reader-0.9 any"}
    return {"reason": reason[request.param]}


def test_what_cannot_be_used_any_more_scores_nothing_and_says_how_to_mend_it(
    larkfield: Organization,
    ada: Membership,
    signed_in: Browser,
    caplog: pytest.LogCaptureFixture,
    outdated: dict[str, str],
) -> None:
    waiting = make_interaction(larkfield, external_id="c-1")
    more = submit(larkfield, {"external_id": "c-2"}, {"external_id": "c-3"})
    with caplog.at_level(logging.ERROR):
        tasks.process_many(str(larkfield.id), [str(pushed.id) for pushed in more])
    assert f"definitions unusable organization={larkfield.id}" in caplog.text
    assert outdated["reason"] not in caplog.text
    assert ANGRY_CALL[1]["text"] not in caplog.text
    with tenant(larkfield.id):
        rows = Interaction.objects.visible_to(System(larkfield.id))
        assert set(rows.values_list("status", "attempts")) == {("received", 0)}
    assert prescores(larkfield) == []
    answer = push(signed_in, ada, "?dry_run=true", external_id="tried")
    assert (answer.status_code, answer.json()["code"]) == (503, "definitions_unusable")
    assert signed_in(ada).get("/o/larkfield/definitions/").status_code == 503
    (fault,) = run_checks(tags=[DEFINITIONS], databases=["default"])
    assert fault.id == "heard.W002"
    assert outdated["reason"] in fault.msg
    assert "manage.py rescore --organization larkfield" in str(fault.hint)
    rescore()
    process(waiting)
    tasks.process_many(str(larkfield.id), [str(pushed.id) for pushed in more])
    assert made_under(larkfield) == ["codebook-1"] * 3


def test_the_check_before_an_upgrade_reads_no_column_that_may_not_be_there_yet(
    larkfield: Organization,
) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert run_checks(tags=[DEFINITIONS], databases=["default"]) == []
    read = " ".join(query["sql"] for query in asked.captured_queries)
    assert '"organizations_organization"."slug"' in read
    assert '"organizations_organization"."name"' not in read


def test_only_what_can_be_counted_is_known() -> None:
    assert {emotion.value for emotion in load_pack().emotions} == set(Emotion.values)
    assert not EngineConfig().own
