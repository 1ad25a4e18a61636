"""`kvarter write`: the documents of an edition written again, from what lies in its folder.

What people write of it is read anew, from the statement that lies beside the policy file.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kvarter.documents.claims import write_claims
from kvarter.documents.write import FORMS, Form, Wanted, write_documents
from kvarter.editions import Edition, open_edition
from kvarter.editions.folder import (
    DATA,
    EDITION,
    RECORD,
    REVIEWS,
    internal_folder,
    language_of,
    read_record,
    save_edition,
    save_record,
)
from kvarter.editions.record import look_at, note_statement
from kvarter.errors import InputError
from kvarter.exports import write_data
from kvarter.files.outputs import write_aside
from kvarter.policy import Policy
from kvarter.policy.model import Language
from kvarter.statement import load_statement, statement_file

Tell = Callable[[str], None]
"""Called with the name of each document."""


def write(
    folder: str | Path,
    *,
    language: Language | None = None,
    only: Sequence[Form] = FORMS,
    tell: Tell = lambda document: None,
) -> None:
    """Write the documents of the edition in `folder` again, in the forms `only`.

    `language`: that of the documents there, unless given. The statement is the one beside the
    policy file; where there is none, the one that the edition has. No extract is read and no figure
    changes. Raises InputError where there is no edition, where it was made by a Kvarter that kept
    too little of it, or where it cannot be written; PolicyError where the statement cannot be used.
    """
    folder = Path(folder)
    edition = open_edition(folder)
    if not (folder / EDITION).exists():
        raise InputError.of(
            "this edition was made by an earlier Kvarter, which kept too little of it",
            f"Make it again: kvarter rebuild {folder}",
            folder,
        )
    record = read_record(folder, "policy", "outputs")
    file = statement_file(folder / record["policy"]["home"], edition.definition.id)
    seen = look_at(file)
    if file in seen:
        edition = replace(edition, statement=load_statement(file, edition.policy))
        if set(only) == set(FORMS):  # else a run finds that the other forms are of before
            record = {**record, "statement": note_statement(file, seen)}
    rewrite(folder, edition, record, Wanted(language or language_of(folder), only=only, tell=tell))


def rewrite(folder: Path, edition: Edition, record: Mapping[str, Any], wanted: Wanted) -> None:
    """Write the documents of `edition`, and what it says of itself, into its `folder` again.

    `record`: that of the run which made it, which knows the Word template. Raises InputError where
    it cannot be written.
    """
    template = template_of(edition.policy, folder / record["policy"]["home"])
    with write_aside(folder, RECORD, REVIEWS) as aside:
        shutil.copytree(folder, aside, dirs_exist_ok=True)
        write_public(edition, aside, replace(wanted, template=template))
        save_record({**record, "language": wanted.language}, aside)


def write_public(edition: Edition, folder: Path, wanted: Wanted) -> None:
    """Write an edition to `folder`, but for its record and the tables that stay in the house."""
    save_edition(edition, folder, wanted.language)
    write_data(edition, folder / DATA, wanted.language)
    write_claims(edition, internal_folder(folder) / "claims.csv", wanted.language)
    write_documents(edition, folder, wanted)


def template_of(policy: Policy, home: Path) -> Path | None:
    """The Word template of a policy, whose paths are relative to `home`; None where it has none."""
    return home / policy.word_template if policy.word_template is not None else None
