"""Help: every member reaches it, its words have anchors, and its example files come in."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qa.first_steps.examples import EXAMPLES, Example
from qa.first_steps.glossary import GROUPS, TERMS
from qa.organizations.models import Membership
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.first_steps.steps import address, count, page_of
from tests.world import make_interaction
from transcripts.formats import parse
from transcripts.models import Interaction, UploadedFile

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
FOLDER = Path(__file__).resolve().parents[2] / "static" / "examples"


@pytest.mark.parametrize("page", ["", "glossary/", "guide/", "keys/", "formats/"])
def test_every_member_reads_it(
    page: str, alex: Membership, dana: Membership, ada: Membership, signed_in: SignIn
) -> None:
    for member in (alex, dana, ada):
        assert address("help/") in page_of(signed_in(member), f"help/{page}")


def test_help_leads_to_all_of_it(dana: Membership, alex: Membership, signed_in: SignIn) -> None:
    for page in ("first-steps", "help/guide", "help/glossary", "help/keys", "help/formats"):
        assert f'href="{address(page)}/"' in page_of(signed_in(dana), "help/")
    assert address("first-steps/") not in page_of(signed_in(alex), "help/")


def test_agents_are_told_no_keys_of_reviews(
    alex: Membership, dana: Membership, signed_in: SignIn
) -> None:
    assert "accept what the pre-score says" in page_of(signed_in(dana), "help/keys/")
    assert "accept what the pre-score says" not in page_of(signed_in(alex), "help/keys/")


def test_each_word_of_the_glossary_has_its_anchor(alex: Membership, signed_in: SignIn) -> None:
    page = page_of(signed_in(alex), "help/glossary/")
    for key in ("moment", "cue", "outcome", "pre-score", "kappa", "blind", "sample"):
        assert key in TERMS
    anchors = re.findall(r' id="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    assert {*TERMS, *(group.key for group in GROUPS)} <= set(anchors)


def test_words_lead_to_their_meaning_where_they_stand_first(
    mona: Membership, signed_in: SignIn
) -> None:
    make_interaction(mona.organization)
    for page, term in (("dashboard/", "interval"), ("queue/", "pre-score"), ("queue/", "moment")):
        link = f'href="{address("help/glossary/")}#{term}"'
        assert link in page_of(signed_in(mona), page), (page, term)


def test_every_example_is_there_and_nothing_else() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {each.file for each in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.file)
def test_an_example_is_read_and_asks_only_what_help_says(example: Example) -> None:
    found = parse((FOLDER / example.file).read_bytes(), name=example.file)
    assert found.interactions
    assert not found.errors
    assert set(found.open) <= {example.asks}
    roles = {turn.role for one in found.interactions for turn in one.turns}
    assert example.asks == "roles" or roles == {"agent", "customer"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.file)
def test_an_example_comes_in_as_it_is(
    example: Example, dana: Membership, signed_in: SignIn
) -> None:
    sent = SimpleUploadedFile(example.file, (FOLDER / example.file).read_bytes())
    signed_in(dana).post(address("upload/"), {"file": sent})
    with tenant(dana.organization_id):
        file = UploadedFile.objects.visible_to(System(dana.organization_id)).get()
    right = {"asks", "accepted"} if example.asks else {"accepted"}
    assert file.status in right, file.faults
    assert (count(Interaction, dana) > 0) is (file.status == "accepted")


def test_the_page_offers_each_for_download(alex: Membership, signed_in: SignIn) -> None:
    page = page_of(signed_in(alex), "help/formats/")
    for example in EXAMPLES:
        assert f'/static/examples/{example.file}"' in page
    assert "Upload transcripts" not in page
