"""Publishing an edition: all or nothing, whenever it is interrupted.

The files are prepared aside, and are in place before the transaction that makes them known. What a
killed process left in the folder is known to nobody, and is removed by the next publication.

The release ledger beside the edition is written before that: what is published is always on record.
Where it comes to nothing after all, later runs keep clear of figures that nobody saw, and the next
publication of the edition finds them noted.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from filecmp import cmp
from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kvarter.editions.folder import DATA
from kvarter.editions.releases import release
from kvarter.errors import InputError, Problem
from kvarter.web.accounts.models import RoleGrant, User
from kvarter.web.accounts.permissions import check_publish_edition
from kvarter.web.accounts.roles import ROLES, Permission
from kvarter.web.audit.log import record
from kvarter.web.outbox.write import write_message
from kvarter.web.status.models import PublishedEdition
from kvarter.web.status.prepare.compared import compared_pages
from kvarter.web.status.prepare.prepare import (
    FILES,
    LANGUAGES,
    Prepared,
    prepare,
    seal,
    write_page,
)
from kvarter.web.status.shelf import look_again

try:
    import fcntl
except ImportError:  # Windows: one process publishes there
    fcntl = None  # type: ignore[assignment]

_ASIDE = ".writing-"


Also = Callable[[PublishedEdition], None]
"""What is written in the same transaction that makes a publication known."""


def publish(
    by: User,
    folder: Path,
    note: str = "",
    also: Also = lambda published: None,
    before: Path | None = None,
) -> PublishedEdition:
    """Publish the edition in `folder`; as a correction where it is published already.

    note: what readers are told of a correction: what was wrong, and what is other now.
    before: the status of the version that is corrected, to list the figures that are other now.
    Raises NotAllowedError where `by` may not, and InputError where there is no edition, where a
    correction has no note, where nothing would change, and where something was released that the
    edition was not held against (`kvarter.editions.releases`).
    """
    check_publish_edition(by)
    root = Path(settings.PUBLISHED)
    with alone(root):
        _remove_unknown(root)
        aside = Path(mkdtemp(prefix=_ASIDE, dir=root))
        prepared = prepare(folder, aside)
        prepared = _with_comparisons(prepared, folder, aside, before)
        _check_version(prepared, note, folder)
        _close(aside)
        where = f"https://{settings.ALLOWED_HOSTS[0]}/status/{prepared.edition}/"
        release(folder, by.name, where, timezone.localdate())
        published = _make_known(by, prepared, aside, note.strip(), also)
    look_again()
    return published


def _with_comparisons(
    prepared: Prepared, folder: Path, aside: Path, before: Path | None
) -> Prepared:
    """Add a page for each edition to be set beside this one, where its folder is as published.

    They are the earlier editions that lie beside `folder`, and the version that is corrected.
    """
    for other in PublishedEdition.objects.filter(data_year__lte=prepared.data_year):
        then = before if other.edition == prepared.edition else folder.parent / other.edition
        last = other.version == _last_version(other.edition)
        if last and then is not None and _is_as_published(then, other):
            try:
                pages = compared_pages(then, folder, LANGUAGES)
            except InputError:  # a copy without the record of how it was made
                continue
            for language, page in pages.items():
                write_page(page, aside, language, page.name)
    return Prepared(prepared.edition, prepared.title, prepared.data_year, seal(aside))


def _is_as_published(beside: Path, other: PublishedEdition) -> bool:
    """Whether the folder beside has the tables that were published, and no others."""
    published = Path(settings.PUBLISHED) / other.folder / FILES / DATA
    names = [path.name for path in published.glob("*.parquet")]
    return (beside / DATA).is_dir() and all(
        (beside / DATA / name).is_file() and cmp(beside / DATA / name, published / name, False)
        for name in names
    )


def _last_version(edition: str) -> int:
    last = PublishedEdition.objects.filter(edition=edition).order_by("-version").first()
    return last.version if last else 0


def _check_version(prepared: Prepared, note: str, folder: Path) -> None:
    last = PublishedEdition.objects.filter(edition=prepared.edition).order_by("-version").first()
    if last is not None and last.hash == prepared.hash:
        what = "this edition is published as it is"
        raise InputError(Problem(what, "There is nothing to correct.", str(folder)))
    if last is not None and not note.strip():
        what = f"this is a correction of edition {prepared.edition}, and says nothing of why"
        raise InputError(Problem(what, "Give a note for the readers with --note.", str(folder)))


def _make_known(
    by: User, prepared: Prepared, aside: Path, note: str, also: Also
) -> PublishedEdition:
    """Put the folder in place and write the row, the event and the mail in one transaction."""
    with transaction.atomic():
        version = _last_version(prepared.edition) + 1
        name = f"{prepared.edition}-v{version}-{prepared.hash[:12]}"
        aside.rename(aside.with_name(name))
        _sync_folder(aside.parent)
        published = PublishedEdition.objects.create(
            edition=prepared.edition,
            version=version,
            folder=name,
            hash=prepared.hash,
            title_da=prepared.title["da"],
            title_en=prepared.title["en"],
            data_year=prepared.data_year,
            note=note,
            published_at=timezone.now(),
            published_by=str(by.id),
        )
        act = "edition.published" if version == 1 else "edition.corrected"
        record(str(by.id), act, ("edition", f"{prepared.edition}/{version}"), ())
        for user in _who_hears_of_it(by):
            words = {"edition": prepared.edition, "version": str(version)}
            write_message(str(user.id), "published", user.language, words)
        also(published)
    return published


def _who_hears_of_it(by: User) -> list[User]:
    """Those who may publish, but for who did."""
    roles = [role.id for role in ROLES.values() if Permission.PUBLISH_EDITION in role.permissions]
    grants = RoleGrant.objects.filter(role__in=roles, user__is_active=True).exclude(user=by)
    return list(User.objects.filter(grants__in=grants).distinct())


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """One publication at a time, of all processes that use the folder `root`."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remove_unknown(root: Path) -> None:
    """Remove folders that no row names: what a publication left that never came to its end."""
    known = set(PublishedEdition.objects.values_list("folder", flat=True))
    for path in root.iterdir():
        if path.is_dir() and path.name not in known:
            _open(path)
            shutil.rmtree(path)


def _close(folder: Path) -> None:
    """Write everything through to the disk, and leave it readable alone."""
    for path in [*sorted(folder.rglob("*"), reverse=True), folder]:
        if path.is_dir():
            _sync_folder(path)
            path.chmod(0o755 if path == folder else 0o555)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())
            path.chmod(0o444)


def _open(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(stat.S_IRWXU)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
