"""Organizations, the people in them, their teams and agents, and API keys."""

from collections.abc import Iterator
from typing import Self
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from qa.organizations import moves  # noqa: F401  (its models are of this app)
from qa.organizations.member_rows import MembershipQuerySet
from qa.organizations.named import NamedQuerySet
from qa.organizations.own_models import Logo, SignUp  # noqa: F401  (Django looks for them here)
from qa.organizations.preferences import PersonalPreferences, SharedPreferences, WeekStart
from qa.organizations.redactable import Redactable
from qa.organizations.roles import Role as Role
from qa.organizations.roles import Scope as Scope
from qa.tenancy.base import Actor, TenantModel, TenantQuerySet, new_id


class UserManager(BaseUserManager["User"]):
    """People sign in with their e-mail address, whatever its case."""

    def create_user(
        self,
        email: str,
        name: str,
        password: str | None = None,
        only_in: "Organization | UUID | None" = None,
    ) -> "User":
        only_in = only_in.pk if isinstance(only_in, Organization) else only_in
        user = self.model(email=self.normalize_email(email), name=name, only_in_id=only_in)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account of this address; of several the one whose address is proven."""
        found = self.of_address(username or "").first()
        if found is None:
            raise self.model.DoesNotExist("No account has this address.")
        return found

    def of_address(self, email: str) -> models.QuerySet["User"]:
        """Every account of this address, whatever its case, the proven one first."""
        rows = self.filter(email__iexact=email)
        return rows.order_by(models.F("only_in").asc(nulls_first=True), "pk")


class User(PersonalPreferences, AbstractBaseUser):
    """A person who signs in. What they may see comes from their memberships alone.

    `only_in` is null where the address is proven: somebody has set the password who reads its
    mail. An account that was made by a link an admin passed on is good in that admin's
    organization only, for ever; another organization never meets it (ADR 21).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    only_in = models.ForeignKey(
        "organizations.Organization", models.CASCADE, null=True, editable=False, related_name="+"
    )
    # An address that they asked for and have not proven yet (accounts.py); "" for none.
    new_email = models.EmailField(default="", db_default="", editable=False)
    # How often every session of this person was ended.
    ended_sessions = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(only_in__isnull=True),
                name="user_proven_email_unique",
            ),
            models.UniqueConstraint(Lower("email"), "only_in", name="user_email_unique_within"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def get_session_auth_hash(self) -> str:
        """What a session must hold to go on: another once the password or the count changes."""
        return f"{self.ended_sessions}.{super().get_session_auth_hash()}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for fallback_hash in super().get_session_auth_fallback_hash():
            yield f"{self.ended_sessions}.{fallback_hash}"


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, actor: Actor) -> Self:
        """The actor's own organization."""
        return self.filter(pk=actor.organization_id)

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class Organization(SharedPreferences, models.Model):
    """A tenant; everything else belongs to exactly one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    # The company's own e-mail domains: whoever writes from one of them is an agent.
    email_domains = ArrayField(models.CharField(max_length=253), default=list, db_default=[])
    # Servers from which reviewers may play recordings; none: there are no players.
    recording_origins = ArrayField(models.CharField(max_length=300), default=list, db_default=[])
    # Kinds of personal data that it keeps; the others are taken out of what arrives.
    unredacted = ArrayField(
        models.CharField(max_length=20, choices=Redactable), default=list, db_default=[]
    )

    # Its own words: always taken out of what arrives, and never.
    removed_words = ArrayField(models.CharField(max_length=80), default=list, db_default=[])
    kept_words = ArrayField(models.CharField(max_length=80), default=list, db_default=[])
    # An admin has deleted it: nobody is a member any more, and workers take its rows away.
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unredacted__contained_by=Redactable.values),
                name="organization_unredacted_known",
            ),
            models.CheckConstraint(
                condition=models.Q(week_start__in=WeekStart.values),
                name="organization_week_start_known",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def redacted_kinds(self) -> list[str]:
        """The kinds of personal data that are taken out of what arrives, card numbers apart."""
        return [kind for kind in Redactable.values if kind not in self.unredacted]


class Membership(TenantModel):
    """A person in an organization, with a role.

    It ends, and is never deleted: what its person reviewed and wrote keeps their name. Whoever
    comes back goes on with the same one: by an invitation, or, if they were only deactivated, as
    an admin says.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    agent = models.OneToOneField(
        "organizations.Agent", models.SET_NULL, null=True, blank=True, related_name="membership"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    deactivated_at = models.DateTimeField(null=True, editable=False)  # ended, but not for good
    agent_before = models.ForeignKey(  # whom they were until they were deactivated
        "organizations.Agent", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    last_seen_at = models.DateTimeField(null=True, editable=False)
    # An address that an admin asked them to change to, until they do; "" for none.
    new_email = models.EmailField(default="", db_default="", editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="membership_unique"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(deactivated_at__isnull=True) | models.Q(ended_at__isnull=False),
                name="membership_deactivated_ended",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def actor_label(self) -> str:
        return f"member:{self.id}"


class InvitationQuerySet(TenantQuerySet["Invitation"]):
    def for_members_page(self) -> Self:
        """Newest first."""
        return self.select_related("invited_by__user").order_by("-pk")


class Invitation(TenantModel):
    """An address that was asked to join, until its owner does. Gone once accepted or withdrawn.

    Nothing of an account is here: whether one exists is not the organization's to know.
    """

    email = models.EmailField()  # as `addresses.fold` writes it
    name = models.CharField(max_length=200)  # what the person may correct
    role = models.CharField(max_length=20, choices=Role)
    agent = models.OneToOneField(
        "organizations.Agent", models.SET_NULL, null=True, related_name="invitation"
    )
    invited_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    link_hash = models.CharField(max_length=64, unique=True)  # SHA-256 of what the link ends in
    mailed = models.BooleanField()  # the link went to the address itself, and so proves it
    expires_at = models.DateTimeField()

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "email"], name="invitation_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="invitation_role_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def expired(self) -> bool:
        return self.expires_at <= timezone.now()


class TeamQuerySet(NamedQuerySet["Team"]):
    def for_teams_page(self, *, after: UUID | None = None, field: str = "name") -> Self:
        there = models.Q(agents__merged_into__isnull=True)
        counted = self.annotate(
            agent_count=models.Count("agents", filter=there),
            lead=Coalesce("manager__user__name", models.Value("")),
        )
        return counted.select_related("manager__user").by_name(after=after, field=field)


class Team(TenantModel):
    """A group of agents under a manager."""

    name = models.CharField(max_length=200)
    manager = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="team_name_unique")
        ]

    def __str__(self) -> str:
        return str(self.id)


class AgentQuerySet(NamedQuerySet["Agent"]):
    def visible_to(self, actor: Actor, *, merged: bool = False) -> Self:
        """The organization's agents; with `merged` those too that turned out to be another one."""
        rows = super().visible_to(actor)
        return rows if merged else rows.filter(merged_into__isnull=True)

    def active(self) -> Self:
        """Those who are offered where an agent is chosen."""
        return self.filter(deactivated_at__isnull=True)

    def for_agents_page(self, *, after: UUID | None = None, field: str = "name") -> Self:
        rows = self.annotate(team_name=Coalesce("team__name", models.Value("")))
        related = rows.select_related("team", "membership__user", "invitation")
        return related.by_name(after=after, field=field)

    def found_by(self, text: str) -> Self:
        """Agents whose name or id holds this text."""
        return self.filter(models.Q(name__icontains=text) | models.Q(external_id__icontains=text))

    def without_login(self) -> Self:
        """Those that neither a member nor somebody invited is."""
        return self.filter(membership__isnull=True, invitation__isnull=True)


class Agent(TenantModel):
    """The contact-center employee who handled an interaction; may have no login.

    Nobody is deleted: who has left is deactivated, and who was here twice is merged into the one
    that stays. The row of a merged one is kept for its id, by which files go on to name it.
    """

    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="agents")
    deactivated_at = models.DateTimeField(null=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.CASCADE, null=True, editable=False, related_name="merged"
    )

    objects = AgentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "external_id"], name="agent_external_id_unique"
            )
        ]
        indexes = [models.Index(fields=["organization", "name", "id"], name="agent_by_name")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def label(self) -> str:
        """Name and id, where they are not the same: what people choose an agent by."""
        both = f"{self.name} ({self.external_id})"
        return self.name if self.name == self.external_id else both

    @property
    def survivor(self) -> "Agent":
        """The one that counts: itself, or the one it was merged into."""
        return self.merged_into or self


class ApiKeyQuerySet(TenantQuerySet["ApiKey"]):
    def usable(self) -> Self:
        """Neither revoked nor expired."""
        live = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=timezone.now())
        return self.filter(live, revoked_at__isnull=True)

    def made_by(self, member: Membership) -> Self:
        return self.filter(created_by=member)

    def for_keys_page(self) -> Self:
        return self.select_related("created_by__user").order_by("-id")


class ApiKey(TenantModel):
    """A machine's way in: belongs to one organization, carries scopes, stored hashed."""

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=8, unique=True)
    hashed_key = models.CharField(max_length=150)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope))
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = ApiKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.id)

    @property
    def actor_label(self) -> str:
        return f"key:{self.prefix}"

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def scope_words(self) -> list[str]:
        return [Scope(scope).label for scope in self.scopes]
