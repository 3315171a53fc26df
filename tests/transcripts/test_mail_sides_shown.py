"""A mail that is uploaded: whose words are scored, and what people see of the rest."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qa import tasks
from qa.organizations import actions as organizations
from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.models import Moment
from tests.reviews.steps import take
from transcripts.models import Interaction

SignIn = Callable[[Membership | None], Client]
PAGE = "/o/larkfield/upload/"
MAIL = """\
From: Dana <dana@larkfield.example>
To: Jo Doe <jo@home.example>
Subject: Re: kettle
Date: Tue, 3 Mar 2026 10:15:00 +0100
Content-Type: text/html; charset=utf-8

<div style="display:none">Your answer is inside</div>
<p>A new kettle leaves on Friday.</p>
<p>--<br>Dana | Larkfield<br>We understand how upsetting this is, and we are sorry.</p>
<div class="gmail_quote"><div class="gmail_attr">On Tue, 3 Mar 2026 at 09:12, Jo Doe
&lt;jo@home.example&gt; wrote:</div><blockquote>I am furious, it broke for the third time!
<blockquote>On Mon, 2 Mar 2026 at 09:00, Care &lt;care@larkfield.example&gt; wrote:<br>
&gt; We are glad that you like it.</blockquote></blockquote></div>
"""


@pytest.fixture
def mail(signed_in: SignIn, ada: Membership, dana: Membership, larkfield: Organization) -> Any:
    with tenant(larkfield.id):
        organizations.set_email_domains(by=ada, domains=["larkfield.example"])
    sent = SimpleUploadedFile("reply.eml", MAIL.encode())
    data = {"file": [sent], "format": "", "channel": ""}
    assert signed_in(dana).post(PAGE, data, headers={"HX-Request": "true"}).status_code == 200
    with tenant(larkfield.id):
        kept = Interaction.objects.visible_to(System(larkfield.id)).get()
    tasks.process(str(larkfield.id), str(kept.pk))
    return kept


def test_the_customers_quoted_mail_is_answered_by_the_agents_own_words(
    mail: Interaction, larkfield: Organization
) -> None:
    with tenant(larkfield.id):
        by = System(larkfield.id)
        kept = Interaction.objects.visible_to(by).select_related("transcript").get()
        moments = list(Moment.objects.visible_to(by))
    assert [turn["role"] for turn in kept.transcript.turns] == ["customer", "agent"]
    assert [(moment.cue_turn, moment.outcome) for moment in moments] == [(0, "missed")]


def test_people_see_what_was_not_scored(
    mail: Interaction, signed_in: SignIn, dana: Membership
) -> None:
    client = signed_in(dana)
    page = client.get(f"/o/larkfield/interactions/{mail.pk}/").content.decode()
    desk = take(client, dana)
    review = client.get(f"/o/larkfield/reviews/{desk.pk}/").content.decode()
    for shown in (page, review):
        assert "Taken from a quote in a later e-mail" in shown
        assert "Not scored: quoted e-mail" in shown
        assert "We are glad that you like it." in shown
        assert "Not scored: hidden text" in shown
        assert "Not scored: signature" in shown
        assert "We understand how upsetting this is" in shown
    assert "quoted e-mail, hidden text, signature" in page.replace("\n", "")
