"""What a rule has seen is carried on: after a break, and after a worker that was killed."""

from collections.abc import Callable

import pytest
from django.test import Client

from qa import tasks
from qa.organizations.models import Membership, Organization
from qa.sampling import actions as sampling
from qa.sampling.models import Pick, QueueEntry, Stratum
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.models import PreScore
from tests.sampling.test_rules import call, made, picked, switch, would
from tests.world import make_interaction
from transcripts.models import Interaction

SignIn = Callable[[Membership | None], Client]


class Killed(BaseException):
    """Stands for the worker's end: nothing catches it."""


@pytest.mark.django_db
def test_after_a_break_the_preview_is_still_what_is_picked(
    signed_in: SignIn, mona: Membership
) -> None:
    manager, larkfield = signed_in(mona), mona.organization
    rule = made(manager, mona, "share", percent="40")
    switch(manager, mona, rule, "now")
    for number in range(3):
        call(larkfield, external_id=f"before-{number}")
    switch(manager, mona, rule, "off")
    for number in range(4):
        call(larkfield, external_id=f"later-{number}")
    before, wanted = picked(mona, rule), would(mona, rule)
    switch(manager, mona, rule, "back")
    assert picked(mona, rule) - before == wanted
    assert len(before | wanted) in {2, 3}, "40 % of seven, within one"


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_before_or_after_it_picks_loses_nothing_and_picks_nothing_twice(
    signed_in: SignIn, larkfield: Organization, mona: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = signed_in(mona)
    rule = made(manager, mona, "share", percent="100")
    switch(manager, mona, rule, "now")
    by, pick = System(larkfield.id), sampling.pick
    interaction = make_interaction(larkfield, prescored=False)

    def dies_before(prescore: PreScore, *, by: System) -> None:
        raise Killed

    def dies_after(prescore: PreScore, *, by: System) -> None:
        pick(prescore, by=by)
        raise Killed

    for death in (dies_before, dies_after):
        monkeypatch.setattr(sampling, "pick", death)
        with pytest.raises(Killed):
            tasks.process(str(larkfield.id), str(interaction.pk))
        with tenant(larkfield.id):
            assert not PreScore.objects.visible_to(by).exists()
            assert not Pick.objects.visible_to(by).exists()
    monkeypatch.setattr(sampling, "pick", pick)
    for _ in range(2):
        tasks.process(str(larkfield.id), str(interaction.pk))
    with tenant(larkfield.id):
        assert Interaction.objects.visible_to(by).get().status == Interaction.Status.PRESCORED
        assert picked(mona, rule) == {interaction.pk}
        assert QueueEntry.objects.visible_to(by).count() == 1
        assert Stratum.objects.visible_to(by).get().seen == 1
