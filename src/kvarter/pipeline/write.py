"""`kvarter write`: the documents of an edition written again, from what lies in its folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from kvarter.documents import FORMS, Form, write_claims, write_documents
from kvarter.editions import open_edition
from kvarter.editions.folder import (
    EDITION,
    INTERNAL,
    RECORD,
    REVIEWS,
    language_of,
    read_record,
    save_edition,
)
from kvarter.errors import InputError, Problem
from kvarter.files.outputs import outputs_of, write_aside
from kvarter.policy.model import Language


def write(
    folder: str | Path,
    *,
    language: Language | None = None,
    only: Sequence[Form] = FORMS,
    tell: Callable[[str], None] = lambda document: None,
) -> None:
    """Write the documents of the edition in `folder` again, in the forms `only`.

    `language`: that of the documents there, unless given. `tell` is called with the name of each
    document. No extract is read and no figure changes. Raises InputError where there is no edition,
    where it was made by a Kvarter that kept too little of it, or where it cannot be written.
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
    language = language or language_of(folder)
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
