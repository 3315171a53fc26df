"""Files on their way in: size limits while they stream, one place that reads and submits them."""

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class LimitedUploadHandler(FileUploadHandler):
    """Keeps each file in memory up to the limit; of a larger one only the fact that it came.

    Nothing unredacted ever touches a disk. The file of a refused upload is
    handed on empty with `too_large` set, so the page can name it.
    """

    chunk_size = 256 * 1024

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.chunks: list[bytes] = []
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received <= settings.MAX_FILE_BYTES:
            self.chunks.append(raw_data)
        else:
            self.chunks.clear()

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        too_large = self.received > settings.MAX_FILE_BYTES
        content = b"" if too_large else b"".join(self.chunks)
        self.chunks = []
        file = SimpleUploadedFile(self.file_name or "", content, self.content_type or "")
        file.size = self.received
        file.too_large = too_large  # type: ignore[attr-defined]
        return file
