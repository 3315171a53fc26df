"""REST: read the published versions of scorecards."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa.api.base import ListAPIView, Pages, TenantAPIView
from qa.api.openapi import problems
from qa.api.options import PageOptions
from qa.organizations.models import ApiKey, Scope
from scorecards.models import Scorecard, ScorecardVersion
from scorecards.publishing import ensure_starters
from transcripts.models import Channel


class VersionSerializer(serializers.Serializer[Any]):
    """One published version; it never changes."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    body = serializers.DictField(help_text="Name, weights, sections and their questions.")


class ScorecardSerializer(serializers.Serializer[Any]):
    """A scorecard with its published versions, newest first."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    general = serializers.BooleanField(help_text="For every channel without a card of its own.")
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices=Channel.choices), help_text="It is the card of these."
    )
    archived = serializers.BooleanField(help_text="Put away: no new review uses it.")
    versions = VersionSerializer(many=True)

    def to_representation(self, row: Scorecard) -> dict[str, Any]:
        versions = sorted(row.versions.all(), key=lambda version: -version.number)
        return {
            "id": str(row.pk),
            "name": row.name,
            "general": row.general,
            "channels": row.channels,
            "archived": row.archived,
            "versions": [_version(version) for version in versions],
        }


class ScorecardListSerializer(serializers.Serializer[Any]):
    """One page, newest first."""

    next = serializers.URLField(allow_null=True, help_text="The older page.")
    previous = serializers.URLField(allow_null=True, help_text="The newer page.")
    results = ScorecardSerializer(many=True)


def _version(version: ScorecardVersion) -> dict[str, Any]:
    return {
        "id": str(version.pk),
        "number": version.number,
        "published_at": version.published_at,
        "body": version.body,
    }


class ScorecardsView(ListAPIView):
    """`/scorecards/`"""

    required_scopes: ClassVar = {"GET": Scope.REVIEWS_READ}

    @extend_schema(
        operation_id="scorecards_list",
        summary="List scorecards",
        description="With their published versions: what reviews are scored on.",
        parameters=[PageOptions],
        responses={200: OpenApiResponse(ScorecardListSerializer, "One page."), **problems(400)},
        tags=["scorecards"],
    )
    def get(self, request: Request) -> Response:
        ensure_starters(by=self.key)  # the first read finds the starter cards too
        pages = Pages()
        found = pages.paginate_queryset(_cards(self.key), request, view=self)
        return pages.get_paginated_response([ScorecardSerializer(row).data for row in found])


class ScorecardView(TenantAPIView):
    """`/scorecards/{id}/`"""

    required_scopes: ClassVar = {"GET": Scope.REVIEWS_READ}

    @extend_schema(
        operation_id="scorecards_read",
        summary="Read one scorecard",
        responses={200: OpenApiResponse(ScorecardSerializer, "The scorecard."), **problems(404)},
        tags=["scorecards"],
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(ScorecardSerializer(get_object_or_404(_cards(self.key), pk=pk)).data)


def _cards(key: ApiKey) -> QuerySet[Scorecard]:
    rows = Scorecard.objects.visible_to(key).filter(versions__isnull=False).distinct()
    return rows.prefetch_related("versions")
