"""Receives an upload: encrypted as it comes in, so that it never lies open on the disk."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from kvarter.web.runs.sealed import Sealer
from kvarter.web.runs.settled import Places, upload_key


class Quarantine(FileUploadHandler):
    """Takes the one file of a form; `most` is the largest number of bytes.

    digest: the SHA-256 of the file, once all of it is here; refused: whether it was too large.
    """

    def __init__(self, request: HttpRequest, upload_id: UUID, places: Places, most: int) -> None:
        super().__init__(request)
        self._path, self._id, self._most = places.sealed(upload_id), upload_id, most
        self._sealer: Sealer | None = None
        self._hash = hashlib.sha256()
        self._bytes = 0
        self.digest = ""
        self.refused = False

    def new_file(self, *arguments: Any, **named: Any) -> None:
        super().new_file(*arguments, **named)
        if self._sealer is not None:
            raise StopUpload(connection_reset=True)  # one file is asked for
        self._path.touch(mode=0o600)
        self._file = self._path.open("wb")
        self._sealer = Sealer(self._file, upload_key(), str(self._id))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._sealer is not None
        self._bytes += len(raw_data)
        if self._bytes > self._most:
            self.refused = True
            raise StopUpload(connection_reset=True)
        self._hash.update(raw_data)
        self._sealer.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        assert self._sealer is not None
        self._sealer.close()
        self._file.close()
        self.digest = self._hash.hexdigest()
        return UploadedFile(name=self.file_name, size=file_size)

    def forget(self) -> None:
        """Remove what was received."""
        if self._sealer is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)
