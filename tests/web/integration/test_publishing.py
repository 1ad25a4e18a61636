"""Publishing: all or nothing, never changed afterwards, corrected by a new version with a note."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl
import pytest

from kvarter.editions.releases import LEDGER, read_releases
from kvarter.errors import InputError
from kvarter.web.status.prepare.prepare import changed_files

Make = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("drawn_before")


@pytest.fixture
def corrected(town: Path, tmp_path: Path) -> Path:
    """The same edition with other words of the administration."""
    copy = Path(shutil.copytree(town, tmp_path / "2024"))
    path = copy / "data" / "statement.json"
    statement = json.loads(path.read_text(encoding="utf-8"))
    statement["next_steps"] = ["Vi ser på det."]
    path.write_text(json.dumps(statement), encoding="utf-8")
    return copy


def _rows() -> list[tuple[str, int]]:
    from kvarter.web.status.models import PublishedEdition

    return list(PublishedEdition.objects.values_list("edition", "version"))


def test_an_edition_is_published_with_its_event_and_its_mail(
    either: str, make_user: Make, town: Path, published_root: Path
) -> None:
    from kvarter.web.audit.models import AuditEvent
    from kvarter.web.outbox.models import Message
    from kvarter.web.status.actions.publish import publish

    karen, other = make_user("coordinator"), make_user("coordinator")
    row = publish(karen, town)
    assert _rows() == [("2024", 1)]
    assert [path.name for path in published_root.iterdir() if path.is_dir()] == [row.folder]
    assert changed_files(published_root / row.folder) == []
    event = AuditEvent.objects.get()
    assert (event.actor, event.act, event.target_id) == (
        str(karen.id),
        "edition.published",
        "2024/1",
    )
    assert Message.objects.get().to == str(other.id)


def test_nothing_of_the_house_is_in_what_is_published(
    site: None, make_user: Make, town: Path, published_root: Path
) -> None:
    from kvarter.web.status.actions.publish import publish

    row = publish(make_user("coordinator"), town)
    names = [path.relative_to(published_root).as_posix() for path in published_root.rglob("*")]
    assert not [name for name in names if "internal" in name]
    public = {path.name for path in town.rglob("*") if "internal" not in path.parts}
    assert {path.name for path in (published_root / row.folder / "files").rglob("*")} <= public


def test_a_correction_wants_a_note_and_is_a_new_version(
    either: str, make_user: Make, town: Path, corrected: Path, published_root: Path
) -> None:
    from django.db import IntegrityError, transaction

    from kvarter.web.status.actions.publish import publish
    from kvarter.web.status.models import PublishedEdition
    from kvarter.web.status.shelf import shelf

    karen = make_user("coordinator")
    first = publish(karen, town)
    with pytest.raises(InputError, match="published as it is"):
        publish(karen, town, "Ingen ændring")
    with pytest.raises(InputError, match="says nothing of why"):
        publish(karen, corrected)
    second = publish(karen, corrected, "Næste skridt er tilføjet.")
    assert _rows() == [("2024", 1), ("2024", 2)]
    assert shelf().find("2024").version == 2
    assert shelf().find("2024", 1).hash == first.hash != second.hash
    assert changed_files(published_root / first.folder) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedEdition.objects.filter(pk=second.pk).update(note="")


@pytest.fixture
def draft(town: Path, tmp_path: Path) -> Path:
    """The same edition beside a ledger of its own, in which it is not."""
    return Path(shutil.copytree(town, tmp_path / "drafts" / "2024"))


def test_what_is_published_is_on_record_for_later_runs(
    site: None, make_user: Make, draft: Path
) -> None:
    from kvarter.web.status.actions.publish import publish

    karen = make_user("coordinator")
    publish(karen, draft)
    (line,) = (draft.parent / LEDGER).read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert (told["by"], told["where"]) == (karen.name, "https://localhost/status/2024/")
    results = pl.read_parquet(draft / "data" / "results.parquet").filter("shown")
    assert read_releases(draft.parent).figures.height == results.height


def test_what_was_never_held_against_a_release_is_not_published(
    site: None, make_user: Make, draft: Path, published_root: Path
) -> None:
    from kvarter.web.status.actions.publish import publish

    line = {"edition": "2017", "before_sha256": hashlib.sha256(b"").hexdigest(), "files": {}}
    ledger = json.dumps({**line, "figures": [], "where": ""}) + "\n"
    (draft.parent / LEDGER).write_text(ledger, encoding="utf-8")
    with pytest.raises(InputError, match="something was released since this status was made"):
        publish(make_user("coordinator"), draft)
    assert _rows() == []
    assert (draft.parent / LEDGER).read_text(encoding="utf-8") == ledger


@pytest.mark.parametrize("step", ["release", "record"])
def test_a_publication_that_breaks_off_is_on_record_before_it_is_seen(
    site: None, make_user: Make, draft: Path, step: str
) -> None:
    from kvarter.web.status.actions import publish as module

    karen, ledger = make_user("coordinator"), draft.parent / LEDGER
    with (
        mock.patch.object(module, step, side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        module.publish(karen, draft)
    assert _rows() == []
    assert ledger.exists() == (step == "record")
    module.publish(karen, draft)
    assert len(ledger.read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize(
    "role", ["reader", "goal_owner", "approver", "analyst", "auditor", "administrator", ""]
)
def test_only_a_coordinator_publishes(
    site: None, make_user: Make, town: Path, published_root: Path, role: str
) -> None:
    from kvarter.web.accounts.permissions import NotAllowedError
    from kvarter.web.status.actions.publish import publish

    with pytest.raises(NotAllowedError):
        publish(make_user(*([role] if role else [])), town)
    assert _rows() == []
    assert list(published_root.iterdir()) == []


def test_a_folder_that_is_no_edition_leaves_nothing(
    site: None, make_user: Make, tmp_path: Path
) -> None:
    from kvarter.web.status.actions.publish import publish

    (tmp_path / "x").mkdir()
    with pytest.raises(InputError):
        publish(make_user("coordinator"), tmp_path / "x")
    assert _rows() == []


STEPS = ["prepare", "seal", "_close", "release", "record", "write_message"]


@pytest.mark.parametrize("step", STEPS)
def test_a_publication_that_breaks_off_was_never_there(
    site: None, make_user: Make, town: Path, published_root: Path, step: str
) -> None:
    """A fault at each step; then the next publication sees to what was left."""
    from kvarter.web.audit.models import AuditEvent
    from kvarter.web.status.actions import publish as module
    from kvarter.web.status.shelf import shelf

    karen = make_user("coordinator")
    make_user("coordinator")
    with (
        mock.patch.object(module, step, side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        module.publish(karen, town)
    assert shelf().publications == ()
    assert not AuditEvent.objects.exists()
    row = module.publish(karen, town)
    assert [path.name for path in published_root.iterdir() if path.is_dir()] == [row.folder]


def test_a_published_file_that_is_changed_is_found(
    site: None, make_user: Make, town: Path, published_root: Path
) -> None:
    from kvarter.web.status.actions.publish import publish

    folder = published_root / publish(make_user("coordinator"), town).folder
    page = folder / "pages" / "da" / "index.json"
    assert page.stat().st_mode & 0o222 == 0, "nobody may write to it"
    page.chmod(0o644)
    page.write_text("{}", encoding="utf-8")
    for path in (folder, folder / "files"):
        path.chmod(0o755)
    (folder / "files" / "new.txt").write_text("x", encoding="utf-8")
    assert changed_files(folder) == ["files/new.txt", "pages/da/index.json"]


def test_preparing_twice_gives_the_same_to_the_byte(
    town: Path, prepared_town: tuple[Path, Any], tmp_path: Path
) -> None:
    from kvarter.web.status.prepare.prepare import prepare

    (tmp_path / "again").mkdir()
    assert prepare(town, tmp_path / "again").hash == prepared_town[1].hash


def test_a_feed_tells_of_each_version_and_of_what_was_corrected(
    site: None, make_user: Make, town: Path, corrected: Path, client: Any
) -> None:
    from xml.etree import ElementTree

    from kvarter.web.status.actions.publish import publish

    karen = make_user("coordinator")
    assert client.get("/udgaver/feed.xml").status_code == 200, "before anything is published"
    publish(karen, town)
    publish(karen, corrected, "Næste skridt & mere <er> tilføjet.")
    for start, version in (("/", "version 2"), ("/en/", "version 2")):
        response = client.get(f"{start}udgaver/feed.xml")
        assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        assert (
            client.get(
                f"{start}udgaver/feed.xml", headers={"if-none-match": response.headers["ETag"]}
            ).status_code
            == 304
        )
        atom = {"a": "http://www.w3.org/2005/Atom"}
        root = ElementTree.fromstring(response.content)
        entries = root.findall("a:entry", atom)
        links = [each.find("a:link", atom).get("href") for each in entries]
        assert links == [f"https://localhost{start}status/2024/v/{v}/" for v in (2, 1)]
        assert version in entries[0].findtext("a:title", "", atom)
        assert entries[0].findtext("a:summary", "", atom) == "Næste skridt & mere <er> tilføjet."
        assert root.findtext("a:updated", "", atom) == entries[0].findtext("a:updated", "", atom)
        for link in links:
            assert client.get(link.removeprefix("https://localhost")).status_code == 200
