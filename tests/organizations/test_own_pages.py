"""The organization's own page, its logo, and a member's account: what is set, kept and shown."""

import io
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from PIL import Image

from qa.audit.models import AuditEvent
from qa.core.errors import Refused
from qa.organizations import setup
from qa.organizations.logos import SIDE, read_picture
from qa.organizations.models import Membership, Organization
from qa.organizations.reading import written_for
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.organizations.steps import at, events, text_of
from tests.world import make_interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]

SAME = {"name": "Larkfield", "time_zone": "UTC", "week_start": 0, "language": "default"}


def again(organization: Organization) -> Organization:
    with tenant(organization.id):
        return Organization.objects.visible_to(System(organization.id)).get()


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def set_zones(organization: Organization, zone: str, *, language: str = "") -> None:
    with tenant(organization.id):
        Organization.objects.filter(pk=organization.pk).update(
            time_zone=zone, days_zone=zone, language=language
        )


def test_an_admin_sets_the_organization_up_and_the_trail_says_from_what(
    signed_in: SignIn, ada: Membership
) -> None:
    browser, page = signed_in(ada), at(ada.organization, "settings-organization")
    wanted = {"name": "Larkfield Travel", "time_zone": "Europe/Dublin", "week_start": 6}
    assert browser.post(page, {**wanted, "language": "fr"}).status_code == 302
    kept = again(ada.organization)
    assert (kept.name, kept.time_zone, kept.week_start, kept.language) == (
        *("Larkfield Travel", "Europe/Dublin", 6),
        "fr",
    )
    with tenant(ada.organization_id):
        told = AuditEvent.objects.visible_to(ada).get(action="organization.set_up").data["changes"]
    assert told["name"] == ["Larkfield", "Larkfield Travel"]
    assert told["time_zone"] == ["UTC", "Europe/Dublin"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"time_zone": "Europe/Larkfield"},
        {"time_zone": ""},
        {"week_start": 3},
        {"language": "xx"},
    ],
)
def test_what_is_no_setting_is_refused(
    signed_in: SignIn, ada: Membership, wrong: dict[str, Any]
) -> None:
    page = at(ada.organization, "settings-organization")
    assert signed_in(ada).post(page, {**SAME, **wrong}).status_code == 422
    assert again(ada.organization).name == "Larkfield"
    assert "organization.set_up" not in events(ada.organization)


def test_a_zone_that_the_database_has_no_table_of_is_refused(
    monkeypatch: pytest.MonkeyPatch, ada: Membership
) -> None:
    monkeypatch.setattr(setup, "time_zones", lambda: ("Mars/Olympus",))
    with tenant(ada.organization_id), pytest.raises(Refused, match="time zone"):
        setup.set_up(by=ada, time_zone="Mars/Olympus")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_anew_and_shown_to_members_only(
    signed_in: SignIn, ada: Membership, dana: Membership, mallory: Membership, kind: str
) -> None:
    page, logo = (at(ada.organization, name) for name in ("settings-organization", "logo"))
    assert signed_in(dana).get(logo).status_code == 404
    sent = SimpleUploadedFile("logo.bin", picture(kind, comment=b"by whom"), "text/html")
    assert signed_in(ada).post(page, {**SAME, "logo": sent}).status_code == 302
    version = again(ada.organization).logo_version
    answer = signed_in(dana).get(logo)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, max-age=86400"
    kept = Image.open(io.BytesIO(answer.content))
    assert (kept.format, kept.size) == ("PNG", (SIDE, SIDE * 3 // 4))
    assert b"by whom" not in answer.content
    assert f"?v={version}" in text_of(signed_in(dana).get(at(ada.organization, "account")))
    assert signed_in(mallory).get(logo).status_code == 404
    gone = {**SAME, "remove_logo": "on"}
    assert signed_in(ada).post(page, gone).status_code == 302
    assert signed_in(ada).get(logo).status_code == 404
    assert events(ada.organization)[-2:] == ["organization.logo_set"] * 2


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 30,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


@pytest.mark.parametrize(
    "sent",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture("GIF"),
        picture()[:200],
        bomb(),
        b"\x89PNG" + b"x" * 1_100_000,
        b"",
    ],
    ids=["svg", "gif", "cut", "bomb", "large", "empty"],
)
def test_what_is_no_picture_is_refused_in_words(
    signed_in: SignIn, ada: Membership, sent: bytes
) -> None:
    page = at(ada.organization, "settings-organization")
    file = SimpleUploadedFile("logo.png", sent, "image/png")
    answer = signed_in(ada).post(page, {**SAME, "logo": file})
    assert answer.status_code == 422
    assert again(ada.organization).logo_version == ""


def test_one_picture_drawn_twice_is_the_same() -> None:
    assert read_picture(picture()).version == read_picture(picture()).version


def test_times_are_the_organizations_until_a_member_chooses_their_own(
    signed_in: SignIn, dana: Membership
) -> None:
    place = dana.organization
    call = make_interaction(place, started_at="2026-07-01T22:30:00Z")
    set_zones(place, "Europe/Dublin")
    page = at(place, "interaction", call.pk)
    shown = text_of(signed_in(dana).get(page))
    assert "1 Jul 2026, 23:30" in shown
    assert "Times in Europe/Dublin" in shown
    account = at(place, "account")
    answer = signed_in(dana).post(account, {"time_zone": "Asia/Tokyo", "language": "fr"})
    assert answer.status_code == 302
    shown = text_of(signed_in(dana).get(page))
    assert "2 juil" in shown
    assert "07:30" in shown
    assert "Asia/Tokyo" in shown
    assert "Europe/Dublin" in shown  # whose days figures go by
    assert '<html lang="fr"' in shown
    assert events(place)[-1] == "member.preferences_set"
    assert timezone.get_current_timezone_name() == "UTC"  # nothing stays with the thread
    assert translation.get_language() == "en"


def test_parts_of_pages_and_refusals_are_in_the_readers_language_too(
    signed_in: SignIn, dana: Membership
) -> None:
    set_zones(dana.organization, "America/New_York", language="fr")
    browser = signed_in(dana)
    for page, status in (("settings", 403), ("queue", 200)):
        answer = browser.get(at(dana.organization, page))
        assert answer.status_code == status
        assert '<html lang="fr"' in text_of(answer)
    part = browser.get(at(dana.organization, "queue"), headers={"hx-request": "true"})
    assert part.headers["Content-Language"] == "fr"


def test_without_any_choice_the_browsers_language_holds(
    signed_in: SignIn, dana: Membership
) -> None:
    page = at(dana.organization, "account")
    browser = signed_in(dana)
    assert '<html lang="fr"' in text_of(browser.get(page, headers={"accept-language": "fr-CA"}))
    assert '<html lang="en"' in text_of(browser.get(page, headers={"accept-language": "pl"}))


@pytest.mark.parametrize(
    "wrong", [{"time_zone": "Mars/Olympus"}, {"language": "tlh"}, {"time_zone": ""}]
)
def test_a_choice_that_there_is_not_is_refused(
    signed_in: SignIn, dana: Membership, wrong: dict[str, str]
) -> None:
    page = at(dana.organization, "account")
    as_is = {"time_zone": "default", "language": "default"}
    assert signed_in(dana).post(page, {**as_is, **wrong}).status_code == 422
    assert signed_in(dana).post(page, as_is).status_code == 302


def test_mails_are_written_for_their_reader(dana: Membership) -> None:
    dana.organization.time_zone, dana.organization.language = "Europe/Dublin", "fr"
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    with written_for(dana.user, dana.organization):
        assert translation.get_language() == "fr"
        assert timezone.localtime(noon).hour == 13
    dana.user.time_zone, dana.user.language = "America/New_York", "en"
    with written_for(dana.user, dana.organization):
        assert translation.get_language() == "en"
        assert timezone.localtime(noon).hour == 8
    with translation.override("fr"), written_for(None):
        assert translation.get_language() == "en"
