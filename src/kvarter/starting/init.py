"""`kvarter init`: from a folder of files, as they lie there, to a first policy file.

files --look--> what each is --register--> addresses --propose--> guesses --write--> policy.yaml
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kvarter.errors import InputError, KvarterError
from kvarter.i18n import Locale, in_language
from kvarter.notes import Note
from kvarter.pipeline.register import make_register, note_set_aside
from kvarter.policy import load_policy
from kvarter.policy.model import Language
from kvarter.register import Format, with_ids
from kvarter.starting import Seen, look, propose, write_policy, write_statement
from kvarter.starting.look import Role
from kvarter.statement import statement_file

POLICY = "policy.yaml"
REGISTER = "register.parquet"
_USEFUL = {Role.REGISTER, Role.ADDRESSES, Role.POLYGONS, Role.EXTRACT, Role.STATISTIC}


@dataclass(frozen=True)
class Begun:
    """What `init` made: the policy file, a statement for each edition of it, what each file was
    taken for, and what is left to do.

    `asked`: line of the policy file, and what is to be filled in there; `unused`: notes on files
    that no use was found for. `register_made`: how many addresses the register has that was made;
    `of_register`: what was decided about them, and what was set aside.
    """

    policy: Path
    statements: list[Path]
    seen: list[Seen]
    asked: list[tuple[int, str]]
    unused: list[Note]
    register_made: int | None
    of_register: tuple[Note, ...] = ()


def init(
    folder: str | Path,
    *,
    language: Language = "da",
    tell: Callable[[Note], None] = lambda note: None,
) -> Begun:
    """Look at the files in `folder`, and write `policy.yaml` there; a register too if it can be.

    Beside it a statement for each edition is written, with nothing filled in.

    Nothing that is there is ever written over. Raises InputError where there is a policy file
    already, or nothing to begin from.
    """
    home = Path(folder)
    path = home / POLICY
    if not home.is_dir():
        raise InputError.of("there is no such folder", "Check its path.", home)
    if path.exists() or path.is_symlink():
        raise InputError.of(
            "there is a policy file already, and it is not written over",
            f"Check it with `kvarter check {path}`; or give it another name, to have a new one "
            "made.",
            path,
        )
    seen = look(home)
    if not any(each.role in _USEFUL for each in seen):
        raise InputError.of(
            "there is nothing here to begin from",
            "Put addresses, areas (GeoJSON), extracts and statistics (CSV, Excel or Parquet) "
            "into the folder; docs/first-status.md says what each needs.",
            home,
        )
    register = _register(home, seen, tell)
    proposal = propose(home, seen, register.file)
    with in_language(Locale(language)):
        written = write_policy(proposal)
    _write_new(path, written.text)
    policy = load_policy(path)
    statements = []
    for edition in policy.editions:
        file = statement_file(home, edition.id)
        if not file.exists():
            with in_language(Locale(language)):
                words = write_statement(edition, policy.goals[0].number)
            _write_new(file, words)
            statements.append(file)
    unused = [*register.unused, *proposal.unused]
    return Begun(path, statements, seen, written.asked, unused, register.made, register.notes)


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet. Raises InputError where it cannot be."""
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise InputError.of(
            f"it cannot be written: {error.strerror}", "Check your rights.", path
        ) from None


@dataclass(frozen=True)
class _Register:
    """The register of the folder: its `file`; `made` and `notes` as in Begun, where it was made.

    `unused`: notes on files with addresses that it was not made of.
    """

    file: str | None = None
    made: int | None = None
    notes: tuple[Note, ...] = ()
    unused: tuple[Note, ...] = ()


def _register(home: Path, seen: list[Seen], tell: Callable[[Note], None]) -> _Register:
    """The register in the folder, or the one made of the largest file of addresses there."""
    registers = [each for each in seen if each.role is Role.REGISTER]
    addresses = [each for each in seen if each.role is Role.ADDRESSES]
    addresses.sort(key=lambda each: -each.rows.height)
    if registers:
        used, *others = registers
        return _Register(used.file, unused=_not_used(used, [*others, *addresses]))
    if not addresses:
        return _Register()
    used, *others = addresses
    unused = _not_used(used, others)
    file, out = home / used.file, home / REGISTER
    where = {"file": used.file}
    if out.exists():
        what = Note(
            "{file}: no register is made of it, for {register} is there, and is none that can be "
            "used; move it elsewhere.",
            where | {"register": REGISTER},
        )
        return _Register(unused=(what, *unused))
    tell(Note("Making a register of the addresses in {file}", where))
    try:
        built = make_register(file, out, with_ids(used.columns), Format.PLAIN, lambda stage: None)
    except KvarterError as error:
        what = Note(
            "{file}: no register could be made of it: {problem}",
            where | {"problem": error.problems[0].what},
        )
        return _Register(unused=(what, *unused))
    notes = (*note_set_aside(built, file, out), *built.notes)
    return _Register(REGISTER, built.register.height, notes, unused)


def _not_used(used: Seen, others: list[Seen]) -> tuple[Note, ...]:
    """That addresses of `others` are in no register, for one file is used."""
    return tuple(
        Note(
            "{file}: its addresses are not used, for the register is that of {used}. If they "
            "should be, put them into one file, and make a register of it with `kvarter register "
            "build`.",
            {"file": each.file, "used": used.file},
        )
        for each in others
    )
