"""REST: say who speaks in an interaction that is here already."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa import pipeline
from qa.api.base import TenantAPIView
from qa.api.examples import RESCORED
from qa.api.openapi import problems
from qa.api.options import Known, Plain
from qa.api.serializers import ReceiptSerializer
from qa.organizations.models import Scope
from transcripts.formats import ROLES, read_json
from transcripts.models import Interaction


class ReassignOptions(Plain):
    """What may be lost."""

    discard_draft = serializers.BooleanField(
        default=False,
        help_text="Discard a draft review of the interaction. Without it, a draft is a reason to "
        "refuse; a confirmed review, or one that somebody has open, always is.",
    )


class TurnRoleSerializer(Known):
    """One turn, counted from 0, and who speaks in it."""

    index = serializers.IntegerField(min_value=0, max_value=1_000_000)
    role = serializers.ChoiceField(choices=ROLES)


class RolesSerializer(Known):
    """Turns that are somebody else's."""

    turns = TurnRoleSerializer(many=True, allow_empty=False)


class ReassignView(TenantAPIView):
    """What swapping and changing share: found, changed, answered."""

    required_scopes: ClassVar = {"POST": Scope.INTERACTIONS_WRITE}
    query: ClassVar = {"POST": ReassignOptions}

    def find(self, pk: UUID) -> Interaction:
        """The interaction, before anything is said of the request."""
        return get_object_or_404(Interaction.objects.visible_to(self.key), pk=pk)

    def reassign(self, row: Interaction, roles: Mapping[int, str] | None) -> Response:
        """Carry it out and answer with how the interaction stands."""
        row = pipeline.reassign(row.pk, by=self.key, roles=roles, **self.given)
        return Response({"id": str(row.pk), "status": row.status})


class SwapSpeakersView(ReassignView):
    """`/interactions/{id}/swap-speakers/`"""

    own_bodies: ClassVar = ("POST",)  # there is none to read

    @extend_schema(
        operation_id="interactions_swap_speakers",
        summary="Swap customer and agent",
        description="Every turn of the customer becomes the agent's and the other way round; the "
        "interaction is scored anew. Swapping twice restores the roles. Recorded in the audit "
        "trail.",
        parameters=[ReassignOptions],
        request=None,
        responses={
            200: OpenApiResponse(ReceiptSerializer, "Swapped; its pre-score follows.", [RESCORED]),
            **problems(400, 404, 409),
        },
        tags=["interactions"],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        return self.reassign(self.find(pk), None)


class RolesView(ReassignView):
    """`/interactions/{id}/roles/`"""

    @extend_schema(
        operation_id="interactions_set_roles",
        summary="Say who speaks in single turns",
        description="The named turns get these roles, the others keep theirs; the interaction is "
        "scored anew if any differs. Recorded in the audit trail.",
        parameters=[ReassignOptions],
        request=RolesSerializer,
        responses={
            200: OpenApiResponse(ReceiptSerializer, "As it stands now.", [RESCORED]),
            **problems(400, 404, 408, 409, 413, 415),
        },
        tags=["interactions"],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        row = self.find(pk)
        body: Any = request.data  # what BodyParser has read
        given = RolesSerializer(data=read_json(body or b""))
        given.is_valid(raise_exception=True)
        roles = {turn["index"]: turn["role"] for turn in given.validated_data["turns"]}
        return self.reassign(row, roles)
