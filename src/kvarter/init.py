"""`kvarter init`: from a folder of files, as they lie there, to a first policy file.

files --look--> what each is --register--> addresses --propose--> guesses --write--> policy.yaml
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kvarter.errors import InputError, KvarterError, Problem
from kvarter.make_register import make_register
from kvarter.notes import Note
from kvarter.policy import load_policy
from kvarter.policy.model import Language
from kvarter.register import MAPPED, Format
from kvarter.report.language import Tongue
from kvarter.starting import Seen, look, propose, write_policy
from kvarter.starting.look import Role

POLICY = "policy.yaml"
REGISTER = "register.parquet"
_USEFUL = {Role.REGISTER, Role.ADDRESSES, Role.POLYGONS, Role.EXTRACT, Role.STATISTIC}


@dataclass(frozen=True)
class Begun:
    """What `init` made: the policy file, what each file was taken for, and what is left to do.

    `asked`: line of the policy file, and what is to be filled in there; `unused`: notes on files
    that no use was found for.
    """

    policy: Path
    seen: list[Seen]
    asked: list[tuple[int, str]]
    unused: list[Note]
    register_made: int | None


def init(
    folder: str | Path,
    *,
    language: Language = "da",
    tell: Callable[[str], None] = lambda stage: None,
) -> Begun:
    """Look at the files in `folder`, and write `policy.yaml` there; a register too if it can be.

    Nothing that is there is ever written over. Raises InputError where there is a policy file
    already, or nothing to begin from.
    """
    home = Path(folder)
    path = home / POLICY
    if not home.is_dir():
        raise InputError(Problem("there is no such folder", "Check its path.", str(home)))
    if path.exists() or path.is_symlink():
        raise InputError(
            Problem(
                "there is a policy file already, and it is not written over",
                f"Check it with `kvarter check {path}`; or give it another name, to have a new one "
                "made.",
                str(path),
            )
        )
    seen = look(home)
    if not any(each.role in _USEFUL for each in seen):
        raise InputError(
            Problem(
                "there is nothing here to begin from",
                "Put addresses, areas (GeoJSON), extracts and statistics (CSV, Excel or Parquet) "
                "into the folder; docs/first-status.md says what each needs.",
                str(home),
            )
        )
    register, made = _register(home, seen, tell)
    proposal = propose(home, seen, register)
    written = write_policy(proposal, Tongue(language))
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(written.text)
    except OSError as error:
        raise InputError(
            Problem(f"it cannot be written: {error.strerror}", "Check your rights.", str(path))
        ) from None
    load_policy(path)
    return Begun(path, seen, written.asked, proposal.unused, made)


def _register(
    home: Path, seen: list[Seen], tell: Callable[[str], None]
) -> tuple[str | None, int | None]:
    """The register in the folder, or the one made of the addresses there, and how many it has."""
    there = next((each.file for each in seen if each.role is Role.REGISTER), None)
    if there is not None:
        return there, None
    addresses = max(
        (each for each in seen if each.role is Role.ADDRESSES),
        key=lambda each: each.rows.height,
        default=None,
    )
    if addresses is None or (home / REGISTER).exists():
        return None, None
    columns = {name: column for name, column in addresses.columns.items() if name in MAPPED}
    for own, other in (("address_id", "access_address_id"), ("access_address_id", "address_id")):
        columns.setdefault(own, columns.get(other, ""))
    try:
        built = make_register(
            *(home / addresses.file, home / REGISTER, columns, Format.PLAIN, tell)
        )
    except KvarterError:
        return None, None
    return REGISTER, built.register.height
