"""Uploads: taken in, looked over, and removed."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kvarter.privacy import without_person_numbers
from kvarter.web.accounts.models import User
from kvarter.web.accounts.permissions import check_start_run
from kvarter.web.audit.log import SYSTEM, record
from kvarter.web.runs.models import Run, Upload
from kvarter.web.runs.settled import Places
from kvarter.web.runs.states import ACTIVE, State

KEPT = dt.timedelta(days=30)
"""How long an upload lies that no run has used."""
_THERE = (Upload.State.QUARANTINED, Upload.State.ACCEPTED)


def take_in(by: User, upload_id: UUID, source: str, file: tuple[str, int, str]) -> Upload:
    """Note a file that lies encrypted by its id. file: its name, bytes and SHA-256."""
    check_start_run(by)
    name, size, digest = file
    with transaction.atomic():
        upload = Upload.objects.create(
            id=upload_id,
            source=source,
            name=without_person_numbers(name)[:120],
            bytes=size,
            sha256=digest,
            uploaded_by=str(by.id),
        )
        record(str(by.id), "upload.taken_in", ("upload", str(upload_id)), ("file",))
    return upload


def decide(upload: Upload, told: dict[str, Any], places: Places) -> None:
    """Accept an upload that could be read, and refuse any other, whose file is removed."""
    accepted = "rows" in told
    state = Upload.State.ACCEPTED if accepted else Upload.State.REFUSED
    with transaction.atomic():
        Upload.objects.filter(pk=upload.pk, state=Upload.State.QUARANTINED).update(
            state=state,
            rows=told.get("rows"),
            invalid=told.get("invalid"),
            problems=told.get("problems", []),
        )
        record(SYSTEM, f"upload.{state.value}", ("upload", str(upload.pk)), ("state",))
    if not accepted:
        places.sealed(upload.pk).unlink(missing_ok=True)


def remove(by: User, upload: Upload, places: Places) -> None:
    """Remove an upload for good. Raises ValueError while a run reads it."""
    check_start_run(by)
    if str(upload.pk) in in_use():
        raise ValueError("a run reads it")
    _remove(str(by.id), upload, places)


def remove_used(places: Places) -> None:
    """Remove what a run has read that is done, unless another run reads it now."""
    there = Upload.objects.filter(state__in=_THERE)
    if there.exists():
        done = Run.objects.filter(state=State.DONE, ended_at__gte=timezone.now() - 2 * KEPT)
        read = {
            each for uploads in done.values_list("uploads", flat=True) for each in uploads.values()
        }
        for upload in there.filter(pk__in=read - in_use()):
            _remove(SYSTEM, upload, places)


def remove_old(places: Places) -> None:
    """Remove what has lain too long, and files that no upload is of."""
    old = Upload.objects.filter(state__in=_THERE, uploaded_at__lt=timezone.now() - KEPT)
    for upload in old.exclude(pk__in=in_use()):
        _remove(SYSTEM, upload, places)
    there = {str(pk) for pk in Upload.objects.filter(state__in=_THERE).values_list("pk", flat=True)}
    before = (timezone.now() - dt.timedelta(days=1)).timestamp()
    for path in places.uploads.iterdir():
        if path.name not in there and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def in_use() -> set[str]:
    """The ids of uploads that a run reads, or will."""
    runs = Run.objects.filter(state__in=sorted(ACTIVE)).values_list("uploads", flat=True)
    return {upload for uploads in runs for upload in uploads.values()}


def _remove(by: str, upload: Upload, places: Places) -> None:
    with transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(state=Upload.State.REMOVED)
        record(by, "upload.removed", ("upload", str(upload.pk)), ("file",))
    places.sealed(upload.pk).unlink(missing_ok=True)
