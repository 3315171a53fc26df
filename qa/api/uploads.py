"""REST: upload files and see how they come along."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from qa.api.base import TenantAPIView, TooLarge
from qa.api.examples import UPLOADED
from qa.api.openapi import problems
from qa.api.options import read_options
from qa.api.serializers import (
    UploadOptions,
    UploadPreviewSerializer,
    UploadQuery,
    UploadSerializer,
)
from qa.core.errors import Fault
from qa.intake import files as uploads
from qa.intake.progress import progress
from qa.intake.rehearsal import undone
from qa.organizations.models import ApiKey, Scope
from transcripts import actions
from transcripts.formats import FormatError
from transcripts.models import Interaction, Upload


class FilesParser(MultiPartParser):
    """Multipart forms; what Django finds suspicious in one is told as a fault of the request."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RequestDataTooBig:
            raise TooLarge(uploads.MEGABYTE) from None
        except SuspiciousOperation as error:
            raise exceptions.ParseError(f"The form can't be read: {error}") from None


class UploadsView(TenantAPIView):
    """`/uploads/`"""

    required_scopes: ClassVar = {"POST": Scope.INTERACTIONS_WRITE}
    query: ClassVar = {"POST": UploadQuery}
    parser_classes = (FilesParser,)

    @extend_schema(
        operation_id="uploads_create",
        summary="Upload files",
        description="Any number of files of any supported format. Each is read at once and kept "
        "or refused by itself; the pre-scores follow. `Location` shows the progress. A file may "
        "hold up to 2,000 interactions, 20,000 turns and 4 million characters of talk; the "
        "operator may have set other numbers. For more there is `/interactions/bulk/`. With "
        "`dry_run=true` the answer is what would become of each file, and nothing is stored.",
        parameters=[UploadQuery],
        request={
            "multipart/form-data": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {
                        "type": "array",
                        "items": {"type": "string", "contentMediaType": "application/octet-stream"},
                    },
                    "format": {"type": "string"},
                    "channel": {"type": "string", "enum": ["call", "email", "chat", "video"]},
                },
            }
        },
        responses={
            200: OpenApiResponse(UploadPreviewSerializer, "A dry run; nothing is stored."),
            202: OpenApiResponse(UploadSerializer, "Taken.", [UPLOADED]),
            **problems(400, 408, 413, 415),
        },
        tags=["uploads"],
    )
    def post(self, request: Request) -> Response:
        given = read_options(UploadOptions, request.POST)
        files = [file for _, listed in request.FILES.lists() for file in listed]
        if not files:
            fault = Fault("file", "is missing; expected at least one file in multipart/form-data")
            raise FormatError(faults=[fault])
        if self.given["dry_run"]:
            return Response(_rehearsed(files, by=self.key, **given))
        upload = _take(files, by=self.key, **given)
        return Response(
            _shown(upload, by=self.key),
            status=status.HTTP_202_ACCEPTED,
            headers={"Location": reverse("api-upload", kwargs={"pk": upload.pk})},
        )


class UploadView(TenantAPIView):
    """`/uploads/{id}/`"""

    required_scopes: ClassVar = {"GET": Scope.INTERACTIONS_READ}

    @extend_schema(
        operation_id="uploads_read",
        summary="See how an upload comes along",
        description="File by file: what was kept, what was refused and why, what still waits.",
        responses={
            200: OpenApiResponse(UploadSerializer, "The upload as it stands.", [UPLOADED]),
            **problems(404),
        },
        tags=["uploads"],
    )
    def get(self, request: Request, pk: UUID) -> Response:
        upload = get_object_or_404(Upload.objects.visible_to(self.key), pk=pk)
        return Response(_shown(upload, by=self.key))


def _take(files: Sequence[Any], *, by: ApiKey, **given: Any) -> Upload:
    """Take each of the files, or say why not, by itself."""
    upload = actions.open_upload(by=by)
    for position, file in enumerate(files):
        uploads.take_file(upload, uploads.incoming(file), by=by, position=position, **given)
    return upload


def _rehearsed(files: Sequence[Any], *, by: ApiKey, **given: Any) -> dict[str, Any]:
    """What would become of the files. The ids are of interactions that are here already."""
    with undone():
        found = _shown(_take(files, by=by, **given), by=by)["files"]
    named = {pk for file in found for pk in file["interaction_ids"]}
    here = Interaction.objects.visible_to(by).filter(pk__in=named).values_list("pk", flat=True)
    stay = {str(pk) for pk in here}
    for file in found:
        file["interaction_ids"] = [pk for pk in file["interaction_ids"] if str(pk) in stay]
    return {"files": found}


def _shown(upload: Upload, *, by: ApiKey) -> dict[str, Any]:
    """An upload, file by file, as far as each has come."""
    files = progress(upload.files.all(), by=by)
    body = {
        "id": upload.pk,
        "created_at": upload.created_at,
        "status": "processing" if any(file.waiting for file in files) else "done",
        "files": files,
    }
    return dict(UploadSerializer(body).data)
