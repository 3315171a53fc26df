"""REST: sampling rules, and what they would pick."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from qa import drawing
from qa.api.base import ListAPIView, Pages, TenantAPIView
from qa.api.openapi import problems
from qa.api.options import PageOptions
from qa.api.sampling_serializers import (
    PreviewSerializer,
    RuleChangeSerializer,
    RuleListSerializer,
    RuleSerializer,
    RuleWriteSerializer,
    SwitchSerializer,
    form_data,
    path_of,
    preview_json,
    rule_json,
)
from qa.core.errors import Fault
from qa.organizations.models import ApiKey, Scope
from qa.sampling import actions
from qa.sampling.custom_forms import form_of
from qa.sampling.forms import RuleForm
from qa.sampling.models import Kind, Rule
from qa.sampling.queries import rule_summaries
from qa.sampling.simulation import simulate
from transcripts.formats import FormatError, read_json

NOT_HERE = "does not go with a rule of this kind, or names what this organization does not have"
RULE = OpenApiResponse(RuleSerializer, "The rule.")


class RulesView(ListAPIView):
    """`/sampling-rules/`"""

    required_scopes: ClassVar = {"GET": Scope.SAMPLING_WRITE, "POST": Scope.SAMPLING_WRITE}

    @extend_schema(
        operation_id="sampling_rules_list",
        summary="List sampling rules",
        description="The rules that pick what is reviewed.",
        parameters=[PageOptions],
        responses={200: OpenApiResponse(RuleListSerializer, "One page."), **problems(400)},
        tags=["sampling"],
    )
    def get(self, request: Request) -> Response:
        pages = Pages()
        found = pages.paginate_queryset(Rule.objects.visible_to(self.key), request, view=self)
        return pages.get_paginated_response(_shown(found, self.key))

    @extend_schema(
        operation_id="sampling_rules_create",
        summary="Create a sampling rule",
        description="It is off. Recorded in the audit trail.",
        request=RuleWriteSerializer,
        responses={201: RULE, **problems(400, 409, 413)},
        tags=["sampling"],
    )
    def post(self, request: Request) -> Response:
        given = _read(RuleWriteSerializer, request)
        rule = actions.create_rule(by=self.key, kind=given["kind"], **_values(given, self.key))
        return Response(_shown([rule], self.key)[0], status=status.HTTP_201_CREATED)


class RuleView(TenantAPIView):
    """`/sampling-rules/{id}/`"""

    required_scopes: ClassVar = {
        "GET": Scope.SAMPLING_WRITE,
        "PATCH": Scope.SAMPLING_WRITE,
        "DELETE": Scope.SAMPLING_WRITE,
    }
    own_bodies: ClassVar = ("DELETE",)  # there is none to read

    @extend_schema(
        operation_id="sampling_rules_read",
        summary="Read one sampling rule",
        description="Its values, and what it does in a sentence.",
        responses={200: RULE, **problems(404)},
        tags=["sampling"],
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(_shown([_find(self.key, pk)], self.key)[0])

    @extend_schema(
        operation_id="sampling_rules_change",
        summary="Change a sampling rule",
        description="What is left out stays. What was picked already stays in the queue. Recorded "
        "in the audit trail.",
        request=RuleChangeSerializer,
        responses={200: RULE, **problems(400, 404, 409, 413)},
        tags=["sampling"],
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        rule = _find(self.key, pk)
        given = _read(RuleChangeSerializer, request, partial=True)
        values = _values({**rule_json(rule), **given}, self.key)
        return Response(_shown([actions.change_rule(rule, by=self.key, **values)], self.key)[0])

    @extend_schema(
        operation_id="sampling_rules_delete",
        summary="Remove a sampling rule",
        description="Only one that has never picked anything. Recorded in the audit trail.",
        request=None,
        responses={
            200: OpenApiResponse(RuleSerializer, "The rule as it was."),
            **problems(400, 404),
        },
        tags=["sampling"],
    )
    def delete(self, request: Request, pk: UUID) -> Response:
        rule = _find(self.key, pk)
        (was,) = _shown([rule], self.key)
        actions.remove_rule(rule, by=self.key)
        return Response(was)


class RuleSwitchView(TenantAPIView):
    """`/sampling-rules/{id}/switch/`"""

    required_scopes: ClassVar = {"POST": Scope.SAMPLING_WRITE}

    @extend_schema(
        operation_id="sampling_rules_switch",
        summary="Switch a sampling rule on or off",
        description="`waiting` says what becomes of the conversations that the switch moves; the "
        "preview says how many there are. Recorded in the audit trail.",
        request=SwitchSerializer,
        responses={200: RULE, **problems(400, 404, 409, 413)},
        tags=["sampling"],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        rule, by = _find(self.key, pk), self.key
        given = _read(SwitchSerializer, request)
        if given["on"]:
            back = given["look_back"]
            rule = drawing.switch_on(rule, by=by, look_back=back, waiting=given["waiting"])
        else:
            rule = drawing.switch_off(rule, by=by, waiting=given["waiting"])
        return Response(_shown([rule], by)[0])


class RulePreviewView(TenantAPIView):
    """`/sampling-rules/{id}/preview/`"""

    required_scopes: ClassVar = {"POST": Scope.SAMPLING_WRITE}
    own_bodies: ClassVar = ("POST",)  # there is none to read

    @extend_schema(
        operation_id="sampling_rules_preview_one",
        summary="Preview a sampling rule",
        description="What it would have picked in the last four full weeks. Nothing is stored.",
        request=None,
        responses={200: OpenApiResponse(PreviewSerializer, "The preview."), **problems(404)},
        tags=["sampling"],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        return Response(_preview(_find(self.key, pk), self.key))


class DraftPreviewView(TenantAPIView):
    """`/sampling-rules/preview/`"""

    required_scopes: ClassVar = {"POST": Scope.SAMPLING_WRITE}

    @extend_schema(
        operation_id="sampling_rules_preview",
        summary="Preview a rule that is not kept",
        description="What it would have picked in the last four full weeks. Nothing is stored.",
        request=RuleWriteSerializer,
        responses={200: OpenApiResponse(PreviewSerializer, "The preview."), **problems(400, 413)},
        tags=["sampling"],
    )
    def post(self, request: Request) -> Response:
        given = _read(RuleWriteSerializer, request)
        values = _values(given, self.key)
        rule = actions.new_rule(by=self.key, kind=given["kind"], **values)
        return Response(_preview(rule, self.key))


def _find(key: ApiKey, pk: UUID) -> Rule:
    return get_object_or_404(Rule.objects.visible_to(key), pk=pk)


def _read(kind: Any, request: Request, *, partial: bool = False) -> dict[str, Any]:
    body: Any = request.data  # the bytes: see BodyParser
    fields = kind(data=read_json(body or b""), partial=partial)
    fields.is_valid(raise_exception=True)
    return dict(fields.validated_data)


def _values(given: Mapping[str, Any], key: ApiKey) -> dict[str, Any]:
    """The rule's values, checked as the page checks them; every fault with its place."""
    kind = given["kind"]
    if kind != Kind.COMPOSED and given.get("conditions"):
        raise FormatError(faults=[Fault("conditions", "only a rule of kind composed has these")])
    data = form_data(given)
    form = form_of(kind)(data, kind=kind, membership=key)
    faults = [Fault(path_of(name), NOT_HERE) for name in data if _stray(name, data, form)]
    faults += [
        Fault(path_of(name), str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]
    if faults:
        raise FormatError(faults=faults)
    return form.values()


def _stray(name: str, data: Mapping[str, Any], form: RuleForm) -> bool:
    """True if it is given, but no rule of this kind, or none in this organization, has it."""
    return bool(data[name]) and name not in form.fields and data[name] != Rule.Drawing.ARRIVAL


def _shown(rules: list[Rule], key: ApiKey) -> list[dict[str, Any]]:
    return [
        {
            "id": str(told.rule.pk),
            **rule_json(told.rule),
            "on": told.rule.on,
            "sentence": f"{told.sentence} {told.goes_to}",
            "picked_lately": told.picked,
        }
        for told in rule_summaries(rules, by=key)
    ]


def _preview(rule: Rule, key: ApiKey) -> dict[str, Any]:
    return preview_json(simulate(rule, by=key), drawing.change_of_queue(rule, by=key))
