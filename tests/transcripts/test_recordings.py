"""Recordings: off until an admin names their servers, and played from nowhere else."""

from collections.abc import Callable

import pytest
from django.test import Client

from qa.audit.models import AuditEvent
from qa.core.origins import origin_of
from qa.organizations.models import Membership, Organization
from qa.tenancy.context import tenant
from tests.world import make_interaction, make_review

pytestmark = pytest.mark.django_db

SignIn = Callable[[Membership | None], Client]
SETTINGS = "/o/larkfield/settings/recordings/"
SERVER = "https://recordings.example.com"
ADDRESS = f"{SERVER}/calls/9f0c2f6e.mp3"


def save(client: Client, text: str) -> str:
    answer = client.post(SETTINGS, {"recording_origins": text}, follow=True)
    return answer.content.decode()


def pages(organization: Organization, reviewer: Membership, address: str) -> list[str]:
    call = make_interaction(organization, metadata={"recording_url": address})
    review = make_review(reviewer, call)
    slug = organization.slug
    return [f"/o/{slug}/interactions/{call.pk}/", f"/o/{slug}/reviews/{review.pk}/"]


def test_nothing_is_played_until_an_admin_names_the_server(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    places = pages(larkfield, dana, ADDRESS)
    for page in places:
        shown = signed_in(dana).get(page)
        assert "<audio" not in shown.content.decode()
        assert "media-src" not in shown["Content-Security-Policy"]
    assert "Saved." in save(signed_in(ada), f"{SERVER}/calls/\nHTTPS://Recordings.Example.com:443")
    with tenant(larkfield.pk):
        larkfield.refresh_from_db()
        event = AuditEvent.objects.filter(action="organization.set_up").latest("number")
    assert larkfield.recording_origins == [SERVER]
    assert event.data == {"changes": {"recording_origins": [[], [SERVER]]}}
    for page in places:
        shown = signed_in(dana).get(page)
        assert f'src="{ADDRESS}"' in shown.content.decode()
        assert f"media-src {SERVER}" in shown["Content-Security-Policy"]
        assert SERVER not in shown["Content-Security-Policy"].replace(f"media-src {SERVER}", "")


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/calls/1.mp3",
        "http://recordings.example.com/calls/1.mp3",
        "https://recordings.example.com.elsewhere.example/1.mp3",
        "https://recordings.example.com@elsewhere.example/1.mp3",
        "https://recordings.example.com:8443/1.mp3",
        "javascript:alert(1)",
        "//recordings.example.com/1.mp3",
        "https://elsewhere.example\\@recordings.example.com/1.mp3",
    ],
)
def test_other_servers_stay_shut_out(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership, address: str
) -> None:
    save(signed_in(ada), SERVER)
    for page in pages(larkfield, dana, address):
        shown = signed_in(dana).get(page)
        assert shown.status_code == 200
        assert "<audio" not in shown.content.decode()
        assert "media-src" not in shown["Content-Security-Policy"]


def test_what_is_no_https_address_is_refused_by_name(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client = signed_in(ada)
    answer = client.post(SETTINGS, {"recording_origins": f"{SERVER}\nhttp://plain.example"})
    assert answer.status_code == 422
    assert "Not an https address: http://plain.example" in answer.content.decode()
    with tenant(larkfield.pk):
        larkfield.refresh_from_db()
    assert larkfield.recording_origins == []
    assert "Saved." in save(client, "")


def test_only_admins_choose(signed_in: SignIn, mona: Membership, dana: Membership) -> None:
    for member in (mona, dana):
        assert signed_in(member).get(SETTINGS).status_code == 403
        assert signed_in(member).post(SETTINGS, {"recording_origins": SERVER}).status_code == 403


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin_of("https://Media.Example:8443/x?y#z") == "https://media.example:8443"
    assert [origin_of(bad) for bad in ("https://", "https://h:nine/", "ftp://h/", "h")] == [""] * 4
