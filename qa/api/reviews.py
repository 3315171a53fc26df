"""REST: read confirmed reviews with their answers, moments and notes."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from qa.api.base import ListAPIView, Pages, TenantAPIView
from qa.api.openapi import problems
from qa.api.review_serializers import (
    ConfirmedReviewListSerializer,
    ConfirmedReviewSerializer,
    ReviewFilters,
)
from qa.organizations.models import ApiKey, Scope
from qa.reviews.models import Review
from transcripts.cast import WITH_AGENTS
from transcripts.models import handled_by

RELATED = (
    "interaction__agent",
    "specialist__user",
    "scorecard_version",
    "superseded_by",
    "acknowledgement",
)


class NewestConfirmed(Pages):
    """Newest first by when they were confirmed: whoever stops at one they know has missed none."""

    ordering = ("-confirmed_at", "-id")


class ReviewsView(ListAPIView):
    """`/reviews/`"""

    query: ClassVar = {"GET": ReviewFilters}

    required_scopes: ClassVar = {"GET": Scope.REVIEWS_READ}

    @extend_schema(
        operation_id="reviews_list",
        summary="List confirmed reviews",
        description="Newest first, by when they were confirmed: answers, moments, notes, and what "
        "was changed from the pre-score, by whom. Of a corrected review only the version that "
        "counts is listed, unless `superseded=true`.",
        parameters=[ReviewFilters],
        responses={
            200: OpenApiResponse(ConfirmedReviewListSerializer, "One page, newest first."),
            **problems(400),
        },
        tags=["reviews"],
    )
    def get(self, request: Request) -> Response:
        rows = _narrowed(_reviews(self.key), **self.given)
        pages = NewestConfirmed()
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([ConfirmedReviewSerializer(row).data for row in found])


class ReviewView(TenantAPIView):
    """`/reviews/{id}/`"""

    required_scopes: ClassVar = {"GET": Scope.REVIEWS_READ}

    @extend_schema(
        operation_id="reviews_read",
        summary="Read one confirmed review",
        responses={
            200: OpenApiResponse(ConfirmedReviewSerializer, "The review."),
            **problems(404),
        },
        tags=["reviews"],
    )
    def get(self, request: Request, pk: UUID) -> Response:
        row = get_object_or_404(_reviews(self.key), pk=pk)
        return Response(ConfirmedReviewSerializer(row).data)


def _reviews(key: ApiKey) -> QuerySet[Review]:
    rows = Review.objects.visible_to(key).regular().confirmed().select_related(*RELATED)
    around = ("moments__moment", "notes__author__user", f"interaction__{WITH_AGENTS}")
    return rows.prefetch_related(*around)


def _narrowed(rows: QuerySet[Review], *, superseded: bool, **given: Any) -> QuerySet[Review]:
    fields = {
        "channel": "interaction__channel",
        "specialist": "specialist_id",
        "confirmed_after": "confirmed_at__gte",
        "confirmed_before": "confirmed_at__lt",
    }
    if "agent" in given:
        rows = rows.filter(handled_by([given["agent"]], "interaction__"))
    if not superseded:
        rows = rows.filter(superseded_by__isnull=True)
    return rows.filter(**{fields[name]: given[name] for name in fields if name in given})
