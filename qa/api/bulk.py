"""REST: push many interactions at once, one JSON line each."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO, ClassVar, Final

from django.http import UnreadablePostError
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa.api.base import TenantAPIView
from qa.api.examples import BULK_TAKEN, LINES
from qa.api.openapi import FaultSerializer, problems
from qa.api.serializers import BulkOptions
from qa.core.errors import Fault
from qa.intake import batches
from qa.intake.rehearsal import Seen, rehearse
from qa.intake.upload_handler import body_of
from qa.organizations.models import Scope
from transcripts.formats import FormatError, LineError, stream
from transcripts.receiving import Receipt

CONTENT_TYPE: Final = "application/x-ndjson"
MAX_LINES: Final = 100_000
FAULTS_NAMED: Final = 20_000  # of one request; then one for each line, so that the answer ends
PIECE: Final = 64 * 1024
PIECES_LET_BY: Final = 1024  # of a body of too many lines, so that its sender hears the answer


class RejectedLineSerializer(serializers.Serializer[Any]):
    """A line of which nothing was kept."""

    line = serializers.IntegerField(help_text="Counted from 1, blank lines too.")
    errors = FaultSerializer(many=True)  # type: ignore[assignment]  # the contract's name


class BulkSerializer(serializers.Serializer[Any]):
    """What became of the lines."""

    accepted = serializers.IntegerField(help_text="New ones, kept; their pre-scores follow.")
    duplicates = serializers.IntegerField(help_text="Here already with the same content.")
    rejected = RejectedLineSerializer(many=True)


class BulkView(TenantAPIView):
    """`/interactions/bulk/`: each batch is a transaction; none is open while lines arrive."""

    required_scopes: ClassVar = {"POST": Scope.INTERACTIONS_WRITE}
    query: ClassVar = {"POST": BulkOptions}
    own_transactions: ClassVar = ("POST",)
    own_bodies: ClassVar = ("POST",)

    @extend_schema(
        operation_id="interactions_push_bulk",
        summary="Push many interactions",
        description="One interaction a line, up to 100,000 lines of up to 10 MB each. What is "
        "valid is kept, what is not is named with its line. Lines are kept while later ones still "
        "arrive: if the connection breaks, send all of them again, and those that are here "
        "already count as duplicates. With `dry_run=true` the answer is what would become of the "
        "lines, and nothing is stored.",
        parameters=[BulkOptions],
        request={CONTENT_TYPE: {"type": "string"}},
        examples=[LINES],
        responses={200: OpenApiResponse(BulkSerializer, "Read to its end.", [BULK_TAKEN])}
        | problems(400, 408, 415),
        tags=["interactions"],
    )
    def post(self, request: Request) -> Response:
        if str(request.content_type).partition(";")[0].strip().lower() != CONTENT_TYPE:
            raise exceptions.UnsupportedMediaType(str(request.content_type))
        body = body_of(request._request)
        answer, self.seen = _Answer(), Seen()
        try:
            for batch in batches.batches(_limited(body)):
                answer.add(self.take(batch))
        except UnreadablePostError:
            raise FormatError(faults=[Fault("", "ended before it was complete")]) from None
        if not answer.lines:
            raise FormatError(faults=[Fault("", "is empty; expected one JSON object a line")])
        return Response(answer.body)

    def take(self, batch: batches.Batch) -> batches.Taken:
        """Keep a batch, or say what would become of it."""
        if self.given["dry_run"]:
            return rehearse(batch, self.seen, by=self.key)
        return batches.keep(batch, by=self.key)


class _Answer:
    """Counts what became of the lines; bounded, however many faults they have."""

    def __init__(self) -> None:
        self.lines = self.named = 0
        self.body: dict[str, Any] = {"accepted": 0, "duplicates": 0, "rejected": []}

    def add(self, taken: batches.Taken) -> None:
        self.lines += len(taken.kept) + len(taken.refused)
        self.body["accepted"] += taken.count(Receipt.RECEIVED)
        self.body["duplicates"] += taken.count(Receipt.DUPLICATE)
        for error in sorted(taken.refused, key=lambda error: error.line or 0):
            faults = error.faults[: max(1, FAULTS_NAMED - self.named)]
            self.named += len(faults)
            errors = [{"path": fault.path, "message": fault.message} for fault in faults]
            self.body["rejected"].append({"line": error.line, "errors": errors})


def _limited(body: BinaryIO) -> Iterator[batches.Line]:
    for number, line in stream(body):
        if number > MAX_LINES:
            message = f"and all behind it are not read: {MAX_LINES:,} lines are taken at once"
            yield number, LineError(number, (Fault("", message),))
            for _ in islice(iter(lambda: body.read(PIECE), b""), PIECES_LET_BY):
                pass
            return
        yield number, line
