"""Commands on addresses: wash a file, and make a register."""

from __future__ import annotations

import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from kvarter.cli.options import Quiet, console

commands = typer.Typer()
register_commands = typer.Typer(
    no_args_is_help=True, help="Make and look after an address register."
)
commands.add_typer(register_commands, name="register")


class RegisterFormat(StrEnum):
    """What a register can be made of; the same as `kvarter.register.Format`, which loads slowly."""

    AUTO = "auto"
    PLAIN = "plain"
    DAWA = "dawa"
    DAR = "dar"


@commands.command("match")
def match_file(
    register: Annotated[
        Path, typer.Option(help="The address register, made by `kvarter register build`.")
    ],
    file: Annotated[
        Path | None, typer.Argument(metavar="[IN]", help="File to wash: .csv, .xlsx or .parquet.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Washed file: .csv, .xlsx or .parquet.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            help="The column that holds the address text; given several times, they are joined. "
            "`text` if left out.",
            show_default=False,
        ),
    ] = None,
    date_column: Annotated[
        str | None,
        typer.Option(help="A column with a day: match to the register as it was then."),
    ] = None,
    explain: Annotated[
        str | None, typer.Option(help="Explain how this one address text is matched.")
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(
            help="The day of the text that is explained, such as 2020-05-17: matched to the "
            "register as it was then.",
            metavar="YYYY-MM-DD",
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Wash one file of addresses: find each in the register, with a category and reasons.

    Category A is exact, B certain with differences, C a best guess; empty means none. All columns
    of the file stay, and six are added.

    Examples:
        kvarter match cases.csv --register register.parquet --out washed.xlsx --column Adresse

        kvarter match a.xlsx --register r.parquet --out b.xlsx --column Adresse --column By

        kvarter match --register register.parquet --explain "Rante Mester Vej 4, 2400 København"

        kvarter match --register r.parquet --explain "Gamle Gade 10, 2400" --date 2012-05-17
    """
    if explain is not None:
        _explain(explain, register, _day(date))
        return
    if date is not None:
        raise typer.BadParameter(
            "it is the day of a text with --explain; a file has its days in --date-column",
            param_hint="--date",
        )
    if file is None or out is None:
        raise typer.BadParameter("give a file to wash and --out, or a text with --explain")
    from kvarter.addresses.match_file import wash

    washed = wash(file, register, out, column or "text", date_column)
    if quiet:
        return
    for category, rows in washed.by_category.items():
        share = rows / washed.rows if washed.rows else 0
        console.print(f"{category or 'none':>4}  {rows:>9,}  {share:6.1%}")
    if washed.not_rows:
        lines = ", ".join(map(str, washed.not_rows[:10]))
        console.print(f"Not rows of data, and left out: line(s) {lines}.")
    for note in washed.notes:
        console.print(str(note), markup=False)
    if washed.undated:
        console.print(f"{washed.undated:,} rows have no day that can be read: matched as of today.")
    console.print(f"{washed.rows:,} rows written to {out}")


def _day(text: str | None) -> str:
    """`text` as a day in the form of the register, blank where none is given."""
    try:
        return "" if text is None else datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise typer.BadParameter(
            f"`{text}` is no day; write it as 2020-05-17", param_hint="--date"
        ) from None


def _explain(text: str, register: Path, date: str) -> None:
    from kvarter.addresses.explain import explain
    from kvarter.addresses.match_file import open_index

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    with open_index(register) as (index, _):
        for step in explain(text, index, date):
            for place, line in enumerate(step.lines):
                table.add_row("" if place else step.name, escape(line))
            table.add_row("", "")
    console.print(table)


@register_commands.command("build")
def register_build(
    file: Annotated[
        Path, typer.Argument(metavar="IN", help="Addresses: a file, or a folder or zip of files.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The register to write.")] = Path(
        "register.parquet"
    ),
    kind: Annotated[
        RegisterFormat,
        typer.Option(
            "--format",
            help="plain: a table with --column names; dawa: DAWA's flat CSV; dar: the entity files "
            "of Datafordeler, or an extract with a row a state; auto: find out.",
        ),
    ] = RegisterFormat.AUTO,
    column: Annotated[
        list[str] | None,
        typer.Option(
            help="A register column and its name in a plain file, such as street_name=vejnavn. "
            "Give it once per column that has another name. kvhx=NAME is a key of 19 characters."
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Make a register of addresses; bad records are set aside and counted.

    Examples:
        kvarter register build addresses.csv --column street_name=vejnavn --column postcode=postnr

        kvarter register build datafordeler/DAR --out register.parquet
    """
    from kvarter.pipeline.register import make_register, set_aside_file
    from kvarter.register import MAPPED, Format

    if out.exists() and file.exists() and out.samefile(file):
        raise typer.BadParameter("this is the file to read; give another", param_hint="--out")
    names = dict(pair.split("=", 1) for pair in column or [] if "=" in pair)
    unknown = [pair for pair in column or [] if pair.split("=", 1)[0] not in MAPPED]
    if unknown or len(names) < len(column or []):
        raise typer.BadParameter(
            f"write REGISTER_COLUMN=NAME_IN_FILE; the columns are {', '.join(MAPPED)}",
            param_hint="--column",
        )
    if names and kind in (RegisterFormat.DAWA, RegisterFormat.DAR):
        raise typer.BadParameter(f"the columns of {kind} are known", param_hint="--column")

    def tell(stage: str) -> None:
        if not quiet:
            console.print(stage, highlight=False)

    built = make_register(file, out, names, Format(kind.value), tell)
    if quiet:
        return
    console.print(
        f"{built.register.height:,} addresses written to {out}, and their index beside it"
    )
    for reason, records in sorted(built.set_aside["reason"].value_counts().iter_rows()):
        console.print(f"{records:>9,} set aside: {reason}")
    for reason, records in built.left_out.items():
        console.print(f"{records:>9,} left out: {reason}")
    for note in built.notes:
        console.print(f"Note: {note}", markup=False, highlight=False)
    if built.unused:
        console.print(f"Columns not used: {', '.join(built.unused)}", markup=False, highlight=False)
    if built.set_aside.height:
        console.print(f"The records set aside are in {set_aside_file(out)}")
