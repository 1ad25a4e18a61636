"""`kvarter demo`: make the example city, and its status for every edition.

All but the newest count as published, as they are in a municipality by then: only so are three
editions held against each other.
"""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import kvarter
from kvarter.addresses import make_index
from kvarter.editions import InternalEdition
from kvarter.editions.releases import release
from kvarter.errors import InputError
from kvarter.files.outputs import write_file, writing
from kvarter.pipeline.run import Tell, run
from kvarter.policy import load_policy
from kvarter.policy.model import Language
from kvarter.statement.load import FOLDER

_PACKAGE = Path(kvarter.__file__).parent
_INSTALLED = _PACKAGE / "examples" / "copenhagen"
_IN_CHECKOUT = _PACKAGE.parents[1] / "examples" / "copenhagen"


def demo(
    folder: Path,
    language: Language,
    tell: Tell,
    begin: Callable[[str], None] = lambda edition: None,
) -> list[InternalEdition]:
    """Make the city in `folder` and run each edition into `folder/status`.

    A key for its synthetic person numbers is made beside it, in `demo.key`. Calls `begin` with
    the id of each edition before its run, and `tell` with each stage. Raises InputError where
    `folder` is in use for something else, holds a file of the city that was changed, or cannot be
    written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        in_use = any(folder.iterdir()) and not (folder / "demo.key").exists()
    if in_use:
        raise InputError.of(
            "this folder holds something that is not the demo",
            "Give another folder with --out, or empty this one.",
            folder,
        )
    key = _make_key(folder)
    example = _INSTALLED if _INSTALLED.exists() else _IN_CHECKOUT
    tell("make")
    policy_file = folder / "policy.yaml"
    with write_file(policy_file) as aside:
        sys.path.insert(0, str(example))
        try:
            import_module("make").make_city(aside.parent)
        finally:
            sys.path.remove(str(example))
        make_index(aside.with_name("register.parquet"))
        shutil.copyfile(example / "policy.yaml", aside)
        shutil.copytree(example / FOLDER, aside.with_name(FOLDER))
    statuses = []
    editions = load_policy(policy_file).editions
    for edition in editions:
        begin(edition.id)
        statuses.append(
            run(
                policy_file,
                edition=edition.id,
                out=folder / "status",
                language=language,
                key_file=key,
                tell=tell,
            )
        )
        if edition is not editions[-1]:
            release(folder / "status" / edition.id, "kvarter demo", "an example", dt.date.today())
    return statuses


def _make_key(folder: Path) -> Path:
    """The key of the demo, made at its first run and kept."""
    key = folder / "demo.key"
    if not key.exists():
        with writing(key):
            key.touch(mode=0o600)
            key.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    return key
