"""Files as they come in: one too large for what it says it is is let go while it comes, not kept first."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from palabre.networks.rules import MediaKind
from palabre.publishing.library.probing import BYTES_MOST, LARGEST

_FAMILIES = {"image": MediaKind.IMAGE, "audio": MediaKind.AUDIO, "video": MediaKind.VIDEO}
AT_ONCE = 2 * LARGEST
"""Bytes of all the files sent in one go."""


def most_of(mime: str) -> int:
    """Bytes taken of a file that says it is of this type; its bytes say later what it really is."""
    if mime == "application/pdf":
        return BYTES_MOST[MediaKind.DOCUMENT]
    family = _FAMILIES.get(mime.partition("/")[0])
    return BYTES_MOST[family] if family else LARGEST


class Sized(FileUploadHandler):
    """Lets go of a file once it is too large; `too_large` finds it on the request."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self.left = self.most = most_of(self.content_type or "")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand it on, as long as it is not too much. Raises SkipFile."""
        self.left -= len(raw_data)
        if self.left < 0:
            known = [*too_large(self.request), (self.file_name or "", self.most)]
            self.request.too_large = known  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Others keep it."""
        return


def too_large(request: Any) -> Sequence[tuple[str, int]]:
    """The files of the request that were let go, by name, and how many bytes were allowed to each."""
    return getattr(request, "too_large", ())
