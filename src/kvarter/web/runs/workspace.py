"""The folder that a run reads from: the policy's own files, with uploads in place of extracts.

It is private to its owner, holds links to all that was not uploaded, and is removed afterwards. No
Django.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kvarter.errors import InputError
from kvarter.policy import load_policy
from kvarter.web.runs.sealed import unseal


@contextmanager
def workspace(
    folder: Path, policy_file: Path, uploads: Mapping[str, tuple[Path, str]], key: bytes
) -> Iterator[Path]:
    """Makes `folder`, with the policy in it; gives the policy file there.

    uploads: a source's id, and its sealed file with the name it was sealed under. What a killed
    run left in the folder is removed first. Raises InputError where an upload cannot be opened,
    and PolicyError where the policy cannot be read.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        files = {source.id: source.file for source in load_policy(policy_file).sources}
        for source, (sealed, name) in uploads.items():
            if source not in files:
                what = f"the policy has no source {source!r} any more"
                raise InputError.of(what, "Delete the upload.", policy_file)
            _unpack(sealed, name, _inside(folder, files[source]), key)
        _link_others(policy_file.parent.resolve(), folder)
        yield folder / policy_file.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _inside(folder: Path, name: str) -> Path:
    path = Path(os.path.normpath(folder / name))
    if folder not in path.parents:
        what = "the policy names an extract outside its own folder"
        raise InputError.of(what, "Name it by a path below the policy file.", name)
    return path


def _unpack(sealed: Path, name: str, path: Path, key: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("wb") as file:
        for piece in unseal(sealed, key, name):
            file.write(piece)


def _link_others(home: Path, folder: Path) -> None:
    """A link to everything in `home` that is not in `folder`; folders that are in both, inside."""
    for path in home.iterdir():
        mine = folder / path.name
        if mine.is_dir() and path.is_dir():
            _link_others(path, mine)
        elif not mine.exists():
            mine.symlink_to(path)
