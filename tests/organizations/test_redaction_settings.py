"""An organization chooses what is taken out of its transcripts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from qa.organizations.models import Membership, Organization
from qa.organizations.redactable import Redactable
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.organizations.steps import at, events, text_of
from tests.world import make_interaction, make_key
from transcripts.models import Interaction, Transcript
from transcripts.redaction import ALWAYS, KINDS

SignIn = Callable[[Membership | None], Client]

SAID = "My name is Beryl Hughes, call 415-555-2671, card 4111 1111 1111 1111."


def stored(organization: Organization, interaction: Interaction) -> str:
    with tenant(organization.id):
        by = System(organization.id)
        kept = Transcript.objects.visible_to(by).get(interaction=interaction)
        return str(kept.turns[0]["text"])


def choose(client: Client, organization: Organization, *kinds: str) -> Any:
    return client.post(at(organization, "settings-redaction"), {"kinds": kinds}, follow=True)


def test_every_kind_but_card_numbers_can_be_chosen() -> None:
    assert set(Redactable.values) == set(KINDS) - ALWAYS


def test_redaction_is_for_admins_of_the_organization_only(
    *,
    signed_in: SignIn,
    larkfield: Organization,
    alex: Membership,
    dana: Membership,
    mona: Membership,
    ada: Membership,
    mallory: Membership,
) -> None:
    url = at(larkfield, "settings-redaction")
    callers = ((None, 302), (mallory, 404), (alex, 403), (dana, 403), (mona, 403), (ada, 200))
    for caller, expected in callers:
        assert signed_in(caller).get(url).status_code == expected, caller and caller.role
        if caller is not ada:
            refused = signed_in(caller).post(url, {"kinds": []})
            assert refused.status_code == expected
    assert "organization.redaction_chosen" not in events(larkfield)


def test_everything_is_redacted_until_an_admin_says_otherwise(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    page = signed_in(ada).get(at(larkfield, "settings-redaction"))
    assert page.content.decode().count(" checked") == len(Redactable.values)
    interaction = make_interaction(
        larkfield, turns=[{"role": "customer", "text": SAID}], prescored=False
    )
    assert stored(larkfield, interaction) == "My name is [NAME], call [PHONE], card [CARD]."


def test_what_an_organization_keeps_stays_and_card_numbers_never_do(
    signed_in: SignIn, larkfield: Organization, ada: Membership, elsewhere: Organization
) -> None:
    turns = [{"role": "customer", "text": SAID}]
    saved = choose(signed_in(ada), larkfield, "PHONE")
    assert "applies to new transcripts" in text_of(saved)
    mine = make_interaction(larkfield, turns=turns, prescored=False)
    assert stored(larkfield, mine) == "My name is Beryl Hughes, call [PHONE], card [CARD]."
    assert mine.redacted == {"PHONE": 1, "CARD": 1}
    theirs = make_interaction(elsewhere, turns=turns, prescored=False)
    assert stored(elsewhere, theirs) == "My name is [NAME], call [PHONE], card [CARD]."
    choose(signed_in(ada), larkfield)
    bare = make_interaction(larkfield, turns=[*turns, *turns], prescored=False)
    assert stored(larkfield, bare).endswith("call 415-555-2671, card [CARD].")


def test_a_choice_is_recorded_once_and_saving_it_again_is_no_change(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client = signed_in(ada)
    for _ in range(2):
        choose(client, larkfield, *(kind for kind in Redactable.values if kind != "NAME"))
    assert events(larkfield).count("organization.redaction_chosen") == 1
    trail = text_of(client.get(at(larkfield, "settings-audit")))
    assert "Changed what is redacted" in trail
    assert "Not redacted: none → Names of customers" in trail


def test_card_numbers_and_unknown_kinds_are_no_choice(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    for kind in ("CARD", "WEATHER"):
        answer = signed_in(ada).post(at(larkfield, "settings-redaction"), {"kinds": [kind]})
        assert answer.status_code == 422, kind
    larkfield.unredacted = ["CARD"]
    with pytest.raises(IntegrityError), tenant(larkfield.id):
        larkfield.save()


def test_a_dry_run_shows_the_pre_score_of_what_would_be_kept(
    client: Client, signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    choose(signed_in(ada), larkfield)
    pushed = {"channel": "chat", "turns": [{"role": "customer", "text": SAID}]}
    answer = client.post(
        "/api/v1/interactions/?dry_run=true",
        pushed,
        content_type="application/json",
        headers={"Authorization": f"Bearer {make_key(ada)}"},
    )
    assert answer.status_code == 200
    assert answer.json()["channel"] == "chat"


def set_words(client: Client, organization: Organization, removed: str, kept: str = "") -> Any:
    given = {"kinds": Redactable.values, "removed_words": removed, "kept_words": kept}
    return client.post(at(organization, "settings-redaction"), given, follow=True)


def test_own_words_go_or_stay_in_what_comes_in_afterwards_and_nowhere_else(
    signed_in: SignIn, larkfield: Organization, ada: Membership, elsewhere: Organization
) -> None:
    said = "Project ÉTOILE-7 uses Mr. Quibble spray, étoile-7 is late. My name is Otto Brandt."
    turns = [{"role": "customer", "text": said}]
    before = make_interaction(larkfield, turns=turns, prescored=False)
    set_words(signed_in(ada), larkfield, " étoile-7 \n\nÉTOILE-7", "mr.  Quibble")
    after = make_interaction(larkfield, turns=turns, prescored=False)
    clean = "Project [WORD] uses Mr. Quibble spray, [WORD] is late. My name is [NAME]."
    assert stored(larkfield, after) == clean
    assert after.redacted == {"NAME": 1, "WORD": 2}
    assert "ÉTOILE-7" in stored(larkfield, before)
    theirs = make_interaction(elsewhere, turns=turns, prescored=False)
    assert "[WORD]" not in stored(elsewhere, theirs)
    trail = text_of(signed_in(ada).get(at(larkfield, "settings-audit")))
    assert "Words always redacted: 0 → " in trail
    assert "toile" not in trail


@pytest.mark.parametrize(
    ("removed", "kept", "fault"),
    [
        ("x" * 81, "", "longer than 80"),
        ("---", "", "no letter or digit"),
        ("q", "", "single character"),
        ("", "4111 1111 1111 1111", "more than 3 digits"),
        ("Heron", "heron", "in both lists"),
        ("\n".join(f"word{number}" for number in range(501)), "", "at most 500"),
    ],
)
def test_own_words_that_cannot_be_are_refused_with_the_way_out(
    *,
    signed_in: SignIn,
    larkfield: Organization,
    ada: Membership,
    removed: str,
    kept: str,
    fault: str,
) -> None:
    answer = set_words(signed_in(ada), larkfield, removed, kept)
    assert answer.status_code == 422
    assert fault in text_of(answer)
    assert "organization.own_words_set" not in events(larkfield)


def test_redaction_is_tried_on_a_pasted_text_of_which_nothing_is_kept(
    signed_in: SignIn,
    larkfield: Organization,
    ada: Membership,
    caplog: pytest.LogCaptureFixture,
) -> None:
    set_words(signed_in(ada), larkfield, "Heron House")
    text = "Agent: Your date of birth?\nCustomer: 9 May 1971, I live at heron house."
    answer = signed_in(ada).post(at(larkfield, "settings-redaction-try"), {"text": text})
    assert answer.status_code == 200
    shown = text_of(answer)
    assert "[DOB], I live at [WORD]." in shown
    assert "Dates of birth" in shown
    assert "no-store" in answer.headers["Cache-Control"]
    assert "1971" not in caplog.text
    with tenant(larkfield.id):
        assert not Interaction.objects.visible_to(System(larkfield.id)).exists()
    empty = signed_in(ada).post(at(larkfield, "settings-redaction-try"), {"text": ""})
    assert empty.status_code == 422
    long = signed_in(ada).post(at(larkfield, "settings-redaction-try"), {"text": "a" * 20_001})
    assert long.status_code == 422


def test_trying_is_for_admins_of_the_organization_only(
    *,
    signed_in: SignIn,
    larkfield: Organization,
    alex: Membership,
    dana: Membership,
    mona: Membership,
    mallory: Membership,
) -> None:
    url = at(larkfield, "settings-redaction-try")
    for caller, expected in ((None, 302), (mallory, 404), (alex, 403), (dana, 403), (mona, 403)):
        assert signed_in(caller).post(url, {"text": "Otto"}).status_code == expected
