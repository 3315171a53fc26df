"""Files on their way in: limits that hold while the bytes still stream."""

from io import BufferedReader, RawIOBase
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

FILES_IN_MEMORY = 4  # what one request may hold, in files of the largest size


class LimitedUploadHandler(FileUploadHandler):
    """Keeps each file in memory up to the limit; of a larger one only the fact that it came.

    Nothing unredacted ever touches a disk. The file of a refused upload is
    handed on empty with `too_large` set, so the page can name it; `crowded_out`
    is set where the files before it have filled the request's share of memory.
    """

    chunk_size = 256 * 1024
    kept = 0

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.chunks: list[bytes] = []
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received <= self._room():
            self.chunks.append(raw_data)
        else:
            self.chunks.clear()

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        too_large = self.received > settings.MAX_FILE_BYTES
        content = b"".join(self.chunks)
        self.chunks = []
        file = SimpleUploadedFile(self.file_name or "", content, self.content_type or "")
        file.size = self.received
        file.too_large = too_large  # type: ignore[attr-defined]
        file.crowded_out = not too_large and self.received > self._room()  # type: ignore[attr-defined]
        self.kept += len(content)
        return file

    def _room(self) -> int:
        left: int = settings.MAX_FILE_BYTES * FILES_IN_MEMORY - self.kept
        return min(left, settings.MAX_FILE_BYTES)


def body_of(request: HttpRequest) -> BinaryIO:
    """A request's body as a stream of lines, of which no more is read than is asked for.

    Also one sent in chunks, without a length, where the server says that it marks the end.
    """
    source: Any = request
    if not request.META.get("CONTENT_LENGTH") and request.META.get("wsgi.input_terminated"):
        source = request.META["wsgi.input"]
    return cast(BinaryIO, BufferedReader(_Raw(source), 64 * 1024))


class _Raw(RawIOBase):
    """Anything with `read`, for a BufferedReader to find the lines in."""

    def __init__(self, source: Any) -> None:
        self.source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data: bytes = self.source.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
