"""One row of every tenant table, for tests that go through all tables or all addresses."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models

from qa import handovers, pipeline
from qa.calibration import actions as calibration
from qa.calibration.models import Item, Session
from qa.calibration.progress import next_reading
from qa.coaching import actions as coaching
from qa.coaching import note_drafts, note_templates, replies
from qa.coaching.models import Acknowledgement, CoachingNote, NoteTemplate, SharedPreScore
from qa.coaching.policy import set_feedback_policy
from qa.dashboards.coverage import set_target
from qa.disputes import actions as disputes
from qa.disputes.models import Dispute
from qa.first_steps import actions as first_steps
from qa.inbox.digests import choose_digest
from qa.interactions import saved_views
from qa.notices.actions import notify
from qa.notices.models import Digest, Notice
from qa.organizations import invitations
from qa.organizations.models import (
    Agent,
    ApiKey,
    Invitation,
    Membership,
    Organization,
    Role,
    Scope,
    Team,
)
from qa.organizations.moves import Merge
from qa.organizations.own_models import Logo
from qa.reviews import actions as reviews
from qa.reviews.after_models import Amendment, LeftOut
from qa.reviews.models import Review, ReviewMoment, Withheld
from qa.reviews.policy import set_policy
from qa.sampling import actions as sampling
from qa.sampling import exclusions
from qa.sampling.models import Exclusion, Rule
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.empathy import DEFAULT_ENGINE
from scorecards.models import (
    DefinitionPack,
    EngineInUse,
    Moment,
    Scorecard,
    ScorecardVersion,
)
from tests.world import (
    calibrate,
    confirm_review,
    make_calibration,
    make_interaction,
    make_key,
    make_member,
    make_review,
)
from transcripts import remembered
from transcripts.models import (
    IdempotentAnswer,
    Interaction,
    KeptReading,
    Participation,
    RememberedAnswer,
    SavedView,
    Upload,
    UploadedFile,
)
from transcripts.telling import facts_of


@dataclass(frozen=True, slots=True)
class Furnished:
    """An organization in which everything exists once, by kind."""

    organization: Organization
    people: dict[Role, Membership]
    member: Membership
    invitation: Invitation
    agent: Agent
    team: Team
    key: ApiKey
    waiting: Interaction
    failed: Interaction
    interaction: Interaction  # under review
    reviewed: Interaction
    moment: Moment
    review: Review  # open
    blind: Review  # open, its pre-score hidden
    review_moment: ReviewMoment
    note: CoachingNote
    feedback: Review  # confirmed
    acknowledgement: Acknowledgement
    upload: Upload
    file: UploadedFile
    answer: RememberedAnswer
    scorecard: Scorecard
    version: ScorecardVersion
    view: SavedView
    dispute: Dispute
    settled: Dispute  # declined, and read by its agent
    automatic: SharedPreScore
    notice: Notice
    session: Session  # a calibration in discussion
    item: Item  # of it
    reading: Review  # open, for a calibration
    rule: Rule  # switched on, has picked `waiting`
    drafted: Rule  # off: its page shows what it would pick
    exclusion: Exclusion
    template: NoteTemplate
    merge: Merge  # of an agent who was on the list twice

    def pk_of(self, kind: str) -> UUID:
        """The id of the row of this kind."""
        row: models.Model = getattr(self, kind)
        pk: UUID = row.pk
        return pk


def sample(manager: Membership, specialist: Membership) -> tuple[Rule, Rule, Exclusion]:
    """A rule that picks all there is, one that is off, and whom the specialist does not review."""
    rule = sampling.create_rule(by=manager, kind="share", name="All of them", percent=100)
    rule = sampling.switch_on(rule, by=manager, look_back=True)
    sampling.draw(by=System(manager.organization_id))
    other = Agent.objects.create(organization=manager.organization, external_id="a-2", name="Kim")
    drafted = sampling.create_rule(by=manager, kind="number", name="Three of each", per_week=3)
    return rule, drafted, exclusions.exclude(by=manager, member=specialist, agent=other)


def fail(interaction: Interaction) -> None:
    """As if its pre-scoring had been given up."""
    interaction.status = Interaction.Status.FAILED
    interaction.failure = "Pre-scoring failed 4 times."
    interaction.save()


def tell(manager: Membership, feedback: Review) -> None:
    """A notice that nobody has read, and a message to the agent."""
    agent = feedback.interaction.agent
    assert agent
    replies.reply(feedback, by=manager, agent=agent.pk, text="Shall we talk?")
    notify(
        [manager],
        by=System(manager.organization_id),
        kind=Notice.Kind.ACKNOWLEDGED,
        subject=feedback.pk,
        facts={
            "event": "feedback.acknowledged",
            "about": ["review", str(feedback.pk)],
            **facts_of(feedback.interaction),
        },
        address=f"/o/{manager.organization.slug}/reviews/{feedback.pk}/",
    )


def weigh(manager: Membership, feedback: Review) -> None:
    """A label that is withheld, a reading left out of agreement, why a review was corrected."""
    of = {"organization_id": manager.organization_id}
    Withheld(**of, label="missed", agreement=0.4, compared=50).save()
    Amendment(**of, review=feedback, by=manager, reason="Read again.").save()
    LeftOut(**of, review=feedback, by=manager, reason="Not read.").save()


def choose(manager: Membership) -> None:
    """What a manager has said for themself, and for everyone."""
    choose_digest(Digest.WEEKLY, by=manager)
    set_target(4, by=manager)
    first_steps.put_away("checklist", by=manager)


def invite(admin: Membership) -> Invitation:
    """Somebody who has not accepted yet."""
    email = f"nadia@{admin.organization.slug}.example"
    invited, _ = invitations.invite(
        by=admin, email=email, name="Nadia", role=Role.SPECIALIST, mailed=True
    )
    return invited


def make_merge(admin: Membership) -> Merge:
    """Two agents who were one person; the first one stays."""
    by = System(admin.organization_id)
    stays, twin = (
        Agent.objects.create(organization_id=by.organization_id, external_id=pk, name="Robin Vale")
        for pk in ("r-1", "R-1")
    )
    pipeline.merge_agents(twin, into=stays, by=admin)
    handovers.begin([], agent=stays, by=admin)
    return Merge.objects.visible_to(by).get()


def make_bare_rows(interaction: Interaction, agent: Agent, file: UploadedFile) -> None:
    """Rows that stand for themselves: a remembered answer, a part in an interaction, a pack."""
    organization = interaction.organization
    KeptReading(organization=organization, file=file, content=b"").save()
    Logo(organization=organization, image=b"a picture").save()
    IdempotentAnswer(
        organization=organization, key="k", request_hash="0" * 64, status=201, body={}
    ).save()
    DefinitionPack(organization=organization, definitions="ours-1", text="schema = 1").save()
    EngineInUse(organization=organization, engine=DEFAULT_ENGINE).save()
    Participation(
        organization=organization, interaction=interaction, position=0, agent=agent, turns=[1]
    ).save()


def furnish(organization: Organization) -> Furnished:
    """Give an organization a row of every kind, through the real actions."""
    specialist = make_member(organization, "Frances", Role.SPECIALIST)
    manager = make_member(organization, "Mabel", Role.MANAGER)
    admin = make_member(organization, "Adrian", Role.ADMIN)
    make_key(admin, Scope.INTERACTIONS_READ)
    waiting = make_interaction(organization, external_id="waiting")
    failed = make_interaction(organization, external_id="failed", prescored=False)
    reviewed = make_interaction(organization, external_id="reviewed")
    interaction = make_interaction(organization, external_id="open")
    with tenant(organization.id):
        by = System(organization.id)
        fail(failed)
        agent = Agent.objects.visible_to(by).get(external_id="a-1")
        colleague = make_member(organization, "Finch", Role.AGENT, agent)
        feedback = make_review(specialist, reviewed)
        coaching.write_note(feedback, by=specialist, turn=2, kind="suggestion", text="Name it.")
        confirm_review(feedback, specialist)
        feedback.refresh_from_db()
        acknowledgement = coaching.acknowledge(feedback, by=colleague)
        review = make_review(specialist, interaction)
        note = coaching.write_note(review, by=specialist, turn=2, kind="praise", text="Well said.")
        note_drafts.save(review, by=specialist, turn=4, text="Half a th")
        upload = Upload.objects.create(organization=organization, created_by=by.actor_label)
        file = UploadedFile.objects.create(
            organization=organization,
            upload=upload,
            position=0,
            name="monday.vtt",
            size=1,
            status=UploadedFile.Status.ACCEPTED,
        )
        make_bare_rows(waiting, agent, file)
        set_policy(by=manager, blind_percent=100, threshold=0.6, least=30)
        blind = make_review(specialist, make_interaction(organization, external_id="blind"))
        set_policy(by=manager, blind_percent=0, threshold=0.6, least=30)
        weigh(manager, feedback)
        tell(manager, feedback)
        settled = disputes.open_dispute(
            feedback, by=colleague, target="answer:what_next", words="I said what happens."
        )
        settled = disputes.decide(settled, by=manager, upheld=False, reason="Not in these words.")
        disputes.read_decision(settled, by=colleague)
        choose(manager)
        dispute = disputes.open_dispute(
            feedback, by=colleague, target="answer:let_finish", words="I did let them finish."
        )
        rule, drafted, exclusion = sample(manager, specialist)
        set_feedback_policy(by=manager, dispute_days=14, share_from=0.0, remind_days=7)
        make_interaction(organization, external_id="shared")
        set_feedback_policy(by=manager, dispute_days=14, share_from=None, remind_days=7)
        session, item = make_discussion(manager, specialist, admin)
        return Furnished(
            organization=organization,
            people={member.role: member for member in (colleague, specialist, manager, admin)},
            member=specialist,
            invitation=invite(admin),
            agent=agent,
            team=Team.objects.visible_to(by).get(),
            key=ApiKey.objects.visible_to(by).get(),
            waiting=waiting,
            failed=failed,
            interaction=interaction,
            reviewed=reviewed,
            moment=Moment.objects.visible_to(by).filter(interaction=interaction)[0],
            review=review,
            blind=blind,
            review_moment=ReviewMoment.objects.visible_to(by).filter(review=review)[0],
            note=note,
            feedback=feedback,
            acknowledgement=acknowledgement,
            upload=upload,
            file=file,
            scorecard=Scorecard.objects.visible_to(by).get(general=True),
            version=ScorecardVersion.objects.visible_to(by).get(scorecard__general=True),
            view=saved_views.keep(by=manager, name="Calls", query="channel=call", shared=True),
            dispute=dispute,
            rule=rule,
            drafted=drafted,
            exclusion=exclusion,
            merge=make_merge(admin),
            template=note_templates.save(
                by=manager, name="Name the feeling", text="Say what they feel.", kind="suggestion"
            ),
            settled=settled,
            automatic=SharedPreScore.objects.visible_to(by).get(),
            notice=Notice.objects.visible_to(manager).order_by("created_at")[0],
            session=session,
            item=item,
            reading=make_reading(specialist, manager),
            answer=remembered.remember(
                by=specialist, key=("time_zone", "0" * 64), value="UTC", words="WhatsApp files"
            ),
        )


FEARS, CALLS = (3, "fear", "empathy", 2), (1, "anger", "sympathy_only", 0)


def make_discussion(
    manager: Membership, specialist: Membership, admin: Membership
) -> tuple[Session, Item]:
    """A calibration that two have read, in discussion, with a recorded part."""
    organization = manager.organization
    call = make_interaction(organization, external_id="calibrated")
    session = make_calibration(admin, [manager, specialist], call)
    calibrate(session, specialist, CALLS, FEARS)
    calibrate(session, manager, FEARS, answer="no")
    session.refresh_from_db()
    item = Item.objects.visible_to(admin).select_related("session").get(session=session)
    calibration.say(item, by=specialist, text="Is that a sorry or more?", target="moment:1")
    calibration.record_consensus(item, by=manager, held={"moment:3": ("empathy_2", "fear")})
    return session, item


def make_reading(specialist: Membership, manager: Membership) -> Review:
    """A reading that the specialist has still to do."""
    call = make_interaction(manager.organization, external_id="to-calibrate")
    session = make_calibration(manager, [manager, specialist], call, name="December")
    found = next_reading(session, by=specialist)
    assert found is not None
    turn, emotion, outcome, strength = FEARS
    reviews.add_moment(
        found, by=specialist, cue_turn=turn, emotion=emotion, outcome=outcome, strength=strength
    )
    found.refresh_from_db()
    return found
