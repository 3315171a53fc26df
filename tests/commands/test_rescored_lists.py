"""Lists and figures after rescoring: the same queries as before, and nothing counted twice."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa import pipeline, tasks
from qa.intake.progress import progress
from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.empathy import ENGINES
from scorecards.in_use import EngineConfig
from scorecards.models import Moment
from tests.commands.rescoring import rescore, strict_pack
from tests.dashboards.reading import Browser
from tests.world import ANGRY_CALL, interaction_json, make_interaction, make_review
from transcripts.formats import validate
from transcripts.models import Upload, UploadedFile

LISTS = (
    "/o/larkfield/queue/",
    "/o/larkfield/queue/?outcome=sympathy_only",
    "/o/larkfield/queue/?scorable=yes",
    "/o/larkfield/interactions/",
    "/o/larkfield/interactions/?status=scored",
    "/o/larkfield/moments/",
)


def test_lists_need_as_many_queries_with_a_history_as_without(
    larkfield: Organization,
    ada: Membership,
    dana: Membership,
    signed_in: Browser,
    tmp_path: Path,
) -> None:
    for n in range(4):
        make_interaction(larkfield, external_id=f"c-{n}")
    make_review(dana, make_interaction(larkfield, external_id="c-0"), confirmed=True)
    browser = signed_in(ada)

    def queries() -> dict[str, int]:
        found = {}
        for address in LISTS:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(address).status_code == 200
            found[address] = len(captured)
        return found

    queries()
    before = queries()
    for name in ("strict-1", "strict-2"):
        rescore("--pack", strict_pack(tmp_path, name))
    assert queries() == before


def test_not_scorable_is_what_the_current_pre_score_says(
    larkfield: Organization, dana: Membership, signed_in: Browser, tmp_path: Path
) -> None:
    one_sided = [turn for turn in ANGRY_CALL if turn["role"] == "customer"]
    unfit = make_interaction(larkfield, external_id="c-1", turns=one_sided)
    rescore("--pack", strict_pack(tmp_path))
    browser = signed_in(dana)
    for address in (
        "/o/larkfield/interactions/?status=not_scorable",
        "/o/larkfield/interactions/?reason=one_sided",
        "/o/larkfield/queue/?reason=one_sided",
    ):
        page = browser.get(address).content.decode()
        assert page.count(f'id="row-{unfit.pk}"') == 1, address


def test_the_results_of_an_upload_are_those_of_the_current_pre_scores(
    larkfield: Organization, tmp_path: Path
) -> None:
    by = System(larkfield.id)
    with tenant(larkfield.id):
        upload = Upload.objects.create(organization=larkfield, created_by=by.actor_label)
        file = UploadedFile.objects.create(
            organization=larkfield,
            upload=upload,
            position=0,
            name="a.json",
            size=1,
            status=UploadedFile.Status.ACCEPTED,
        )
        (received,) = pipeline.submit([validate(interaction_json())], by=by, file=file)
    tasks.process(str(larkfield.id), str(received.id))
    rescore("--pack", strict_pack(tmp_path))
    with tenant(larkfield.id):
        assert Moment.objects.visible_to(by).count() == 4
        (state,) = progress([file], by=by)
    assert state.outcomes == [("sympathy_only", 0, 1), ("missed", 0, 1)]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_maker_is_known_by_what_its_pre_scores_say_of_themselves(
    larkfield: Organization, engine: str
) -> None:
    make_interaction(larkfield)
    rescore("--engine", engine)
    with tenant(larkfield.id):
        prescore = Moment.objects.visible_to(System(larkfield.id)).current()[0].prescore
    made = {"engine_version": prescore.engine_version, "definitions": prescore.definitions}
    assert made == EngineConfig(engine).version_key
    assert made["engine_version"] == engine
