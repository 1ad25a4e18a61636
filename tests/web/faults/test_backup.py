"""Backup and restore: of a site in use, on both engines; what is damaged is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from web.example import copy_of
from web.postgres import Cluster, program

KVARTER = [sys.executable, "-c", "from kvarter.cli import main; main()"]


def kvarter(*arguments: object, database: str = "") -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KVARTER", "DJANGO"))}
    environment |= {"DATABASE_URL": database} if database else {}
    words = list(map(str, arguments))
    return subprocess.run([*KVARTER, *words], env=environment, capture_output=True, text=True)


@pytest.fixture
def site_in_use(demo_site: Path, tmp_path: Path) -> Path:
    """The example's site with its files of its own."""
    folder = copy_of(demo_site, tmp_path / "used")
    (folder / "published").unlink()
    (folder / "drafts").unlink()
    elsewhere = tmp_path / "another-disk"
    elsewhere.mkdir()
    (elsewhere / "note.txt").write_text("a draft", encoding="utf-8")
    (folder / "drafts").symlink_to(elsewhere)
    newest = sorted((demo_site / "published").iterdir())[-1].resolve()
    for path in newest.parent.iterdir():
        if path.is_dir():
            shutil.copytree(path, folder / "published" / path.name, copy_function=os.link)
    return folder


def test_a_backup_brings_everything_back(site_in_use: Path, tmp_path: Path) -> None:
    archive, again = tmp_path / "site.tar.gz", tmp_path / "again"
    done = kvarter("backup", site_in_use, archive)
    assert done.returncode == 0, done.stderr
    assert archive.stat().st_mode & 0o077 == 0, "it holds the secret key"
    done = kvarter("restore", archive, again)
    assert done.returncode == 0, done.stderr
    assert (again / "secret.key").read_bytes() == (site_in_use / "secret.key").read_bytes()
    assert (again / "drafts" / "note.txt").read_text(encoding="utf-8") == "a draft"
    assert not (again / "drafts").is_symlink()
    names = {path.name for path in (again / "published").iterdir()}
    assert names == {path.name for path in (site_in_use / "published").iterdir()}
    refused = kvarter("restore", archive, again)
    assert refused.returncode == 4
    assert "not empty" in refused.stderr


def test_a_damaged_backup_is_told(site_in_use: Path, tmp_path: Path) -> None:
    archive, inside = tmp_path / "site.tar.gz", tmp_path / "inside"
    kvarter("backup", site_in_use, archive)
    with tarfile.open(archive) as tar:
        tar.extractall(inside, filter="data")
    page = next((inside / "site" / "published").rglob("pages/da/index.json"))
    page.chmod(0o644)
    page.write_text("{}", encoding="utf-8")
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as tar:
        for path in inside.iterdir():
            tar.add(path, path.name)
    done = kvarter("restore", tmp_path / "other.tar.gz", tmp_path / "again")
    assert done.returncode == 4
    assert "pages/da/index.json is not as published" in done.stderr.replace("\n", "")
    (tmp_path / "no.tar.gz").write_bytes(b"no archive")
    done = kvarter("restore", tmp_path / "no.tar.gz", tmp_path / "third")
    assert "no backup of a site" in done.stderr


def test_a_site_on_postgresql_is_brought_back(
    cluster: Cluster, template: str, site_folder: Path, tmp_path: Path
) -> None:
    program("pg_dump")
    folder, archive = tmp_path / "pg", tmp_path / "pg.tar.gz"
    (folder / "published").mkdir(parents=True)
    for name in ("site.toml", "secret.key"):
        shutil.copy(site_folder / name, folder / name)
    for name in ("in_use", "brought_back"):
        cluster.sql(
            f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if name == "in_use" else "")
        )
    cluster.sql_in(
        "in_use",
        "INSERT INTO accounts_user (password, id, email, name, language, is_active, source,"
        " created_at) VALUES ('!', gen_random_uuid(), 'a@example.org', 'A', 'da', true, 'local',"
        " now())",
    )
    done = kvarter("backup", folder, archive, database=cluster.url("in_use"))
    assert done.returncode == 0, done.stderr
    done = kvarter("restore", archive, tmp_path / "again", database=cluster.url("brought_back"))
    assert done.returncode == 0, done.stderr
    assert (
        cluster.sql_in("brought_back", "SELECT email FROM accounts_user").strip() == "a@example.org"
    )
    triggers = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'audit_no_%'"
    assert cluster.sql_in("brought_back", triggers).strip() == "2", "the log is append-only again"


def test_init_makes_a_site_that_passes_its_checks(tmp_path: Path) -> None:
    code = (
        "import getpass; getpass.getpass = lambda *_: 'en lang sætning om øl'\n"
        "import kvarter.cli.site as site; site.getpass = getpass.getpass\n"
        "from kvarter.cli import main; main()"
    )
    words = [
        "site",
        "init",
        str(tmp_path / "new"),
        "--name",
        "Ny Kommune",
        "--host",
        "status.ny.dk",
    ]
    words += ["--email", "anna@ny.dk", "--full-name", "Anna Berg"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KVARTER", "DJANGO"))}
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new" / "secret.key").stat().st_mode & 0o077 == 0
    check = kvarter("site", "check", tmp_path / "new")
    assert (check.returncode, check.stdout.strip()) == (0, "Nothing is wrong."), check.stderr
    refused = kvarter("site", "publish", tmp_path / "new", tmp_path, "--by", "anna@ny.dk")
    assert "None of your roles allows this" in refused.stderr.replace("\n", " ")
