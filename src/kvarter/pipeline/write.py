"""`kvarter write`: the documents of an edition written again, from what lies in its folder.

What people write of it is read anew, from the statement that lies beside the policy file.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kvarter.documents import FORMS, Form, write_claims, write_documents
from kvarter.editions import Edition, open_edition
from kvarter.editions.folder import (
    EDITION,
    INTERNAL,
    RECORD,
    REVIEWS,
    language_of,
    read_record,
    save_edition,
)
from kvarter.editions.record import look_at, note_statement
from kvarter.errors import InputError, Problem
from kvarter.files.outputs import outputs_of, write_aside
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
    edition, record = open_edition(folder), read_record(folder)
    if not (folder / EDITION).exists():
        raise InputError(
            Problem(
                "this edition was made by an earlier Kvarter, which kept too little of it",
                f"Make it again: kvarter rebuild {folder}",
                str(folder),
            )
        )
    file = statement_file(folder / record["policy"]["home"], edition.definition.id)
    seen = look_at(file)
    if file in seen:
        edition = replace(edition, statement=load_statement(file, edition.policy))
        if set(only) == set(FORMS):  # else a run finds that the other forms are of before
            record = {**record, "statement": note_statement(file, seen)}
    rewrite(folder, edition, record, language or language_of(folder), tell, only)


def rewrite(
    folder: Path,
    edition: Edition,
    record: Mapping[str, Any],
    language: Language,
    tell: Tell = lambda document: None,
    only: Sequence[Form] = FORMS,
) -> None:
    """Write the documents of `edition`, and what it says of itself, into its `folder` again.

    `record`: that of the run which made it. Raises InputError where it cannot be written.
    """
    home = folder / record["policy"]["home"]
    template = home / edition.policy.word_template if edition.policy.word_template else None
    with write_aside(folder, RECORD, REVIEWS) as aside:
        shutil.copytree(folder, aside, dirs_exist_ok=True)
        save_edition(edition, aside, language)
        write_claims(edition, aside / INTERNAL / "claims.csv", language)
        write_documents(edition, aside, language, template, tell, only)
        (aside / RECORD).unlink()
        content = {**record, "language": language, "outputs": outputs_of(aside)}
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        (aside / RECORD).write_text(text, encoding="utf-8")
