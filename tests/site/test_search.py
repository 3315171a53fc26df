"""The search of the rail: what each role finds, and never anything of another organization."""

from collections.abc import Callable

import pytest
from django.test import Client

from qa.organizations.models import Membership, Organization
from tests.world import make_interaction

SignIn = Callable[[Membership | None], Client]


def found(client: Client, member: Membership, text: str) -> str:
    """What the palette shows for this text."""
    address = f"/o/{member.organization.slug}/search/"
    return client.get(address, {"q": text}, headers={"HX-Request": "true"}).content.decode()


def test_without_a_text_it_lists_the_members_pages_and_actions(
    ada: Membership, alex: Membership, signed_in: SignIn
) -> None:
    everything = found(signed_in(ada), ada, "")
    for words in ("Queue", "Audit trail", "Invite a member", "Switch to dark colours", "Sign out"):
        assert words in everything
    agents = found(signed_in(alex), alex, "")
    assert "Feedback" in agents
    for words in ("Queue", "Audit trail", "Invite a member", "Upload transcripts"):
        assert words not in agents


def test_pages_and_actions_are_found_by_their_words_and_by_others_for_them(
    ada: Membership, signed_in: SignIn
) -> None:
    client = signed_in(ada)
    assert "Invite a member" in found(client, ada, "inv memb")
    assert "Conversations" in found(client, ada, "interactions")
    assert "Audit trail" in found(client, ada, "log")
    assert "Nothing found for “zebra &lt;b&gt;”" in found(client, ada, "zebra <b>")


def test_an_agent_is_found_by_name(
    ada: Membership, dana: Membership, larkfield: Organization, signed_in: SignIn
) -> None:
    handled = make_interaction(larkfield, prescored=False)
    for member in (ada, dana):
        part = found(signed_in(member), member, "finch")
        assert f'href="/o/larkfield/agents/{handled.agent_id}/"' in part
        assert "Billing" in part


def test_a_conversation_is_found_by_the_first_letters_of_either_id(
    dana: Membership, larkfield: Organization, signed_in: SignIn
) -> None:
    made = make_interaction(larkfield, prescored=False, external_id="Call-77")
    client, link = signed_in(dana), f'href="/o/larkfield/interactions/{made.pk}/"'
    for text in ("Call-77", "Call-7", " Ca ", str(made.pk), str(made.pk)[:13], made.pk.hex):
        assert link in found(client, dana, text), text
    for text in ("all-77", "Call-78", "C", "%", "Call-7_", str(made.pk)[1:]):
        assert link not in found(client, dana, text), text


@pytest.mark.parametrize(("stored", "typed"), [("CASE-5", "case"), ("case-5", "CASE-5")])
def test_the_case_of_an_id_does_not_matter(
    dana: Membership, larkfield: Organization, signed_in: SignIn, stored: str, typed: str
) -> None:
    made = make_interaction(larkfield, prescored=False, external_id=stored)
    assert f"/interactions/{made.pk}/" in found(signed_in(dana), dana, typed)


def test_at_most_eight_of_a_kind(
    dana: Membership, larkfield: Organization, signed_in: SignIn
) -> None:
    for number in range(10):
        make_interaction(larkfield, prescored=False, external_id=f"c-{number}")
    assert found(signed_in(dana), dana, "c-").count("/interactions/") == 8


def test_nothing_of_another_organization(
    dana: Membership,
    mallory: Membership,
    larkfield: Organization,
    elsewhere: Organization,
    signed_in: SignIn,
) -> None:
    foreign = make_interaction(elsewhere, prescored=False, external_id="same")
    for text in ("same", str(foreign.pk)[:8], "Alex"):
        part = found(signed_in(dana), dana, text)
        assert str(foreign.pk) not in part
        assert str(foreign.agent_id) not in part
    stranger = signed_in(mallory).get("/o/larkfield/search/", {"q": "same"})
    assert stranger.status_code == 404


def test_an_agent_finds_neither_people_nor_conversations(
    alex: Membership, larkfield: Organization, signed_in: SignIn
) -> None:
    mine = make_interaction(larkfield, prescored=False, external_id="same")
    for text in ("same", str(mine.pk)[:8], "Alex"):
        part = found(signed_in(alex), alex, text)
        assert str(mine.pk) not in part
        assert str(mine.agent_id) not in part


def test_hostile_texts_are_answered(dana: Membership, signed_in: SignIn) -> None:
    for text in ("\0", "'; --", "\U0010ffff", "\ud7ff", "a" * 5000, "-" * 40, "0" * 33):
        answer = signed_in(dana).get(f"/o/{dana.organization.slug}/search/", {"q": text})
        assert answer.status_code == 200


def test_the_search_is_a_page_of_its_own_without_scripts(
    ada: Membership, signed_in: SignIn
) -> None:
    page = signed_in(ada).get(f"/o/{ada.organization.slug}/search/", {"q": "audit"})
    assert "<h1" in page.content.decode()
    assert 'href="/o/larkfield/settings/audit/"' in page.content.decode()
