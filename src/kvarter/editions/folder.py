"""The folder of an edition: written by a run, and opened again by everything that reads one.

status/2024/               documents, and `edition.json`: which edition this is
status/2024/data/          tables, the policy, the statement, the areas; made to be published
status/2024/internal/      stays in the house: the ledger, the rows with addresses and pseudonyms,
                           exact figures, how the edition was made

Editions of before there was an `edition.json` (form 1) had their tables beside the documents. They
are opened as well, with what they have. What people wrote was part of the policy before it had a
file of its own, and is lifted out of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import polars as pl

from kvarter import __version__
from kvarter.editions.edition import Edition
from kvarter.editions.geography import AREAS, Geography
from kvarter.editions.internal import InternalEdition
from kvarter.errors import InputError, KvarterError
from kvarter.files import parquet_at
from kvarter.files.outputs import outputs_of
from kvarter.judgement import Observation
from kvarter.notes import Note
from kvarter.policy import Policy
from kvarter.policy.model import Language
from kvarter.privacy import without_person_numbers
from kvarter.review.file import NAMES
from kvarter.statement import Statement
from kvarter.statement.lift import lift, open_policy
from kvarter.tables import internal_tables, table

FORM = 2
"""Of the folder, as `edition.json` names it."""

EDITION, DATA, INTERNAL = "edition.json", "data", "internal"
RECORD = f"{INTERNAL}/run.json"
POLICY_COPY = f"{INTERNAL}/policy.yaml"
_POLICY, _NOTES = "policy.json", "notes.json"
_ENDINGS = {"lists": "json"}
STATEMENT = f"{DATA}/statement.json"
REVIEWS = [f"{INTERNAL}/{name}" for name in NAMES]
"""To be filled in: `kvarter.review` sees that nothing in them is lost."""

_WARNING = """Denne mappe indeholder personoplysninger (adresser og pseudonymer).
Den må ikke offentliggøres eller sendes videre.

This folder holds personal data (addresses and pseudonyms). Do not publish it or pass it on.
"""


_OF_POLARS = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
"""What Polars raises for a file that is not as it was written."""


class _Tables(Mapping[str, pl.DataFrame]):
    """The tables of an opened edition by name, each read when it is first asked for."""

    def __init__(self, files: Mapping[str, Path], read: Callable[[Path], pl.DataFrame]) -> None:
        self._files = files
        self._read = read
        self._known: dict[str, pl.DataFrame] = {}

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in self._known:
            self._known[name] = self._read(self._files[name])
        return self._known[name]

    def __contains__(self, name: object) -> bool:  # else it would be read
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def save_edition(edition: Edition, folder: Path, language: Language) -> None:
    """Write what `open_edition` reads: the tables in all forms, the policy, the areas, the rest.

    `language`: the language that the documents are written in.
    """
    data = folder / DATA
    data.mkdir(exist_ok=True)
    for name, frame in edition.tables.items():
        table(name).write(frame, data)
    policy = edition.policy.model_dump(mode="json", by_alias=True, exclude_unset=True)
    _write_json(_masked(policy), data / _POLICY)
    statement = edition.statement.model_dump(mode="json", exclude_unset=True)
    _write_json(statement, folder / STATEMENT)
    edition.geography.write_shapes(data / AREAS)
    content = {
        "form": FORM,
        "kvarter": __version__,
        "edition": edition.definition.id,
        "data_year": edition.definition.data_year,
        "area_set": edition.definition.area_set,
        "language": language,
        "statement": STATEMENT,
        "tables": list(edition.tables),
        "borders": edition.geography.facts(),
        "rows_by_hand": edition.rows_by_hand,
        "notes": [_as_list(note) for note in edition.notes],
        "observations": [
            [each.code, each.goal, each.target, dict(each.values)] for each in edition.observations
        ],
    }
    _write_json(content, folder / EDITION)


def save_internal(edition: InternalEdition, folder: Path) -> None:
    """Write what stays in the house, but for the record and what an analyst fills in."""
    internal = internal_folder(folder)
    for name, frame in edition.tables.items():
        table(name).write(frame, internal)
    _write_json([_as_list(note) for note in edition.notes], internal / _NOTES)


def _as_list(note: Note) -> list[Any]:
    return [note.message, dict(note.values), note.wrong]


def internal_folder(folder: Path) -> Path:
    """The folder within `folder` for what must stay in the house, with a warning in it."""
    inside = folder / INTERNAL
    inside.mkdir(mode=0o700, parents=True, exist_ok=True)
    (inside / "LÆS-MIG.txt").write_text(_WARNING, encoding="utf-8")
    return inside


def open_edition(folder: str | Path) -> Edition:
    """The edition in `folder`, such as `status/2024`, without anything that stays in the house.

    Its tables are read when they are first asked for. Raises InputError where there is no edition,
    where its form is that of a later Kvarter, or where a file of it is missing or damaged.
    """
    folder = Path(folder)
    if _is_first_form(folder):
        return _open_first_form(folder)
    content = _read_content(folder)
    areas = folder / DATA / AREAS
    with _sound(policy_in(folder), folder):
        data, written = lift(_read_json(policy_in(folder), folder))
        policy = Policy.model_validate(data)
    with _sound(areas, folder):
        geography = Geography.read(areas, content["borders"])
    with _sound(folder / EDITION, folder):
        return Edition(
            policy=policy,
            definition=policy.edition(content["edition"]),
            statement=_statement_in(folder, content, written),
            tables=tables_in(folder),
            observations=tuple(Observation(*each) for each in content["observations"]),
            notes=tuple(Note(*each) for each in content["notes"]),
            geography=geography,
            rows_by_hand=content["rows_by_hand"],
        )


def _statement_in(folder: Path, content: Mapping[str, Any], lifted: Mapping[str, Any]) -> Statement:
    """What is written of the edition; `lifted`: what stood in its policy, by edition.

    An edition of before there were statements does not name the file of one.
    """
    edition = content["edition"]
    if "statement" not in content:
        return Statement.model_validate(lifted.get(edition, {"edition": edition}))
    with _sound(folder / STATEMENT, folder):
        return Statement.model_validate(_read_json(folder / STATEMENT, folder))


def language_of(folder: Path) -> Language:
    """The language that the documents of the edition in `folder` are written in."""
    language: Language = _read_content(folder)["language"]
    return language


def open_internal(folder: str | Path) -> InternalEdition:
    """The edition in `folder` with all that stays in the house: its rows and its exact figures.

    Raises InputError as `open_edition` does, and for a published copy, which has no such part.
    """
    folder = Path(folder)
    tables = internal_tables_in(folder)
    record = read_record(folder)
    notes = folder / INTERNAL / _NOTES
    return InternalEdition(
        public=open_edition(folder),
        tables=tables,
        rows_by_outcome=record.get("rows", {}),
        by_hand=record.get("decisions", {}),
        notes=tuple(Note(*each) for each in _read_json(notes, folder)) if notes.exists() else (),
        record=record,
    )


def save_record(record: Mapping[str, Any], folder: Path) -> None:
    """Write how the edition in `folder` was made, with the hash of all that lies there by now."""
    (folder / RECORD).unlink(missing_ok=True)
    text = json.dumps({**record, "outputs": outputs_of(folder)}, ensure_ascii=False, indent=2)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8")


def read_record(folder: Path, *needed: str) -> dict[str, Any]:
    """How the edition in `folder` was made.

    Raises InputError where there is no record, or where it lacks one of the parts `needed`.
    """
    record: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    if not isinstance(record, dict) or "edition" not in record:
        raise InputError.of(
            "there is no record of a status in this folder",
            "Give the folder of an edition, such as status/2021.",
            folder / RECORD,
        )
    if lacking := [name for name in needed if name not in record]:
        raise InputError.of(
            f"the record of this status lacks {', '.join(lacking)}",
            "Bring it back from a backup, or make the status again, in another folder (--out).",
            folder / RECORD,
        )
    return record


def find_edition(out: Path, edition: str | None = None) -> Path:
    """The folder of an edition under `out`, or of the one with the newest data.

    Raises InputError where there is none.
    """
    years = {}
    for path in sorted(out.glob(f"[!.]*/{RECORD}")):
        with suppress(KvarterError, TypeError, KeyError, ValueError):  # of something else
            years[path.parents[1]] = int(read_record(path.parents[1])["data_year"])
    if not years:
        raise InputError.of(
            "there is no status here",
            "Give the folder with --status: `status` beside the policy file, unless another "
            "was given to `kvarter run`.",
            out,
        )
    if edition is None:
        return max(years, key=lambda folder: (years[folder], folder.name))
    if out / edition not in years:
        known = ", ".join(folder.name for folder in years)
        raise InputError.of(
            f"there is no status of edition {edition!r}", f"There are: {known}.", out
        )
    return out / edition


def tables_in(folder: Path) -> Mapping[str, pl.DataFrame]:
    """The public tables in the folder of an edition by name, each read when it is asked for."""
    if _is_first_form(folder):
        names = sorted({"results", "verdicts", *(path.stem for path in folder.glob("*.parquet"))})
    else:
        names = _read_content(folder)["tables"]
    files = {name: table_in(folder, name) for name in names}
    return _Tables(files, lambda path: _read_table(path, folder))


def internal_tables_in(folder: Path) -> Mapping[str, pl.DataFrame]:
    """The tables of an edition that stay in the house, each read when it is asked for.

    Raises InputError for a published copy.
    """
    internal = folder / INTERNAL
    if not _is_first_form(folder) and not internal.exists():
        raise InputError.of(
            "this is a copy to publish: the rows and the exact figures are not with it",
            f"Give the folder that the run wrote, with a folder `{INTERNAL}` in it.",
            internal,
        )
    # The claims are of the documents, and written with them.
    kept = [each for each in internal_tables().values() if each.forms and each.name != "claims"]
    endings = {each.name: _ENDINGS.get(each.forms[0], each.forms[0]) for each in kept}
    files = {name: internal / f"{name}.{ending}" for name, ending in endings.items()}
    if _is_first_form(folder):
        del files["decisions"]
    return _Tables(files, lambda path: _read_internal(path, folder))


def table_in(folder: Path, name: str) -> Path:
    """The file with a public table, in the folder of an edition."""
    return (folder if _is_first_form(folder) else folder / DATA) / f"{name}.parquet"


def policy_in(folder: Path) -> Path:
    """The file with the policy as it was, in the folder of an edition."""
    return folder / (POLICY_COPY if _is_first_form(folder) else f"{DATA}/{_POLICY}")


def _is_first_form(folder: Path) -> bool:
    """Whether it is of before there was an `edition.json`; one that lost it has its data still."""
    return not (folder / EDITION).exists() and not (folder / DATA).exists()


def _open_first_form(folder: Path) -> Edition:
    """An edition of form 1: its tables and its policy; nothing else of it was kept."""
    record = read_record(folder)
    policy, written = open_policy(policy_in(folder))
    definition = policy.edition(record["edition"])
    said = written.get(definition.id, {"edition": definition.id})
    return Edition(
        policy=policy.as_of(definition),
        definition=definition,
        statement=Statement.model_validate(said),
        tables=tables_in(folder),
    )


def _read_content(folder: Path) -> dict[str, Any]:
    """What `edition.json` says. Raises InputError where it is damaged, or of a later Kvarter."""
    path = folder / EDITION
    content: dict[str, Any] = _read_json(path, folder)
    with _sound(path, folder):
        is_later = content["form"] > FORM
        what = f"this edition was written by a later Kvarter ({content['kvarter']})"
    if is_later:
        raise InputError.of(what, "Open it with that version, or a later one.", path)
    return content


def _read_table(path: Path, folder: Path) -> pl.DataFrame:
    with _sound(path, folder):
        return parquet_at(path)


def _read_internal(path: Path, folder: Path) -> pl.DataFrame:
    about = table(path.stem)
    with _sound(path, folder):
        if path.suffix == ".json":
            return about.frame(_read_json(path, folder))
        return about.read(path)


def _read_json(path: Path, folder: Path) -> Any:
    with _sound(path, folder):
        return json.loads(path.read_text(encoding="utf-8"))


@contextmanager
def _sound(path: Path, folder: Path) -> Iterator[None]:
    """Tell of a file that is not as it was written, whatever is the matter with it."""
    try:
        yield
    except (OSError, ValueError, TypeError, LookupError, *_OF_POLARS) as error:
        raise _damaged(path, folder) from error


def _damaged(path: Path, folder: Path) -> InputError:
    what = "this table" if path.suffix in (".parquet", ".csv") else "this file"
    return InputError.of(
        f"{what} is damaged" if path.exists() else f"{what} of the status is missing",
        f"Bring it back from a backup, or make it again: kvarter rebuild {folder}",
        path,
    )


def _masked(content: Any) -> Any:
    """The same without what looks like a person number, such as in the name of an extract."""
    if isinstance(content, str):
        return without_person_numbers(content)
    if isinstance(content, list):
        return [_masked(each) for each in content]
    if isinstance(content, dict):
        return {name: _masked(each) for name, each in content.items()}
    return content


def _write_json(content: Any, path: Path) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
