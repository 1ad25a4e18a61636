"""The command line. Every command is a few lines around a function that can be called as well."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kvarter import __version__
from kvarter.errors import KvarterError, NotTheSameError, Problem
from kvarter.policy.model import say

app = typer.Typer(
    name="kvarter",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
register_app = typer.Typer(no_args_is_help=True, help="Make and look after an address register.")
app.add_typer(register_app, name="register")

_out, _err = Console(emoji=False), Console(stderr=True, emoji=False)
_INTERRUPTED = 130  # what Typer makes of Ctrl-C, without a word


class Lang(StrEnum):
    """The languages of reports and summaries."""

    DA = "da"
    EN = "en"


class RegisterFormat(StrEnum):
    """What a register can be made of; the same as `kvarter.register.Format`, which loads slowly."""

    AUTO = "auto"
    PLAIN = "plain"
    DAWA = "dawa"
    DAR = "dar"


PolicyFile = Annotated[
    Path, typer.Argument(metavar="POLICY", help="The policy file, such as policy.yaml.")
]
OutFolder = Annotated[
    Path, typer.Option("--out", help="Folder for the statuses; each edition gets one in it.")
]
Language = Annotated[
    Lang, typer.Option("--lang", help="Language of the report: da (Danish) or en (English).")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key-file",
        help="File with the key for pseudonyms; else $KVARTER_KEY or $KVARTER_KEY_FILE is used.",
    ),
]


@app.callback(invoke_without_command=True)
def kvarter(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Follow up a policy for disadvantaged urban areas: from raw extracts to a signed-off status.

    Start with `kvarter demo`, which makes an example city and its status.

    Exit codes: 0 done; 1 unexpected fault; 2 wrong use of the command; 3 the policy file; 4 an
    input file; 5 a row was set aside under --strict; 6 the ledger does not add up; 7 no key;
    8 a hidden count could be worked out; 9 a rebuilt edition is not the same; 130 interrupted.
    """
    if version:
        _out.print(f"kvarter {__version__}")
        raise typer.Exit


@app.command()
def run(
    policy: PolicyFile,
    edition: Annotated[
        str | None, typer.Option(help="Edition to make; the last in the policy if left out.")
    ] = None,
    out: OutFolder = Path("status"),
    lang: Language = Lang.DA,
    key_file: KeyFile = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at a row that has to be set aside.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Make a status: read the extracts, match, place, unite, count, judge, protect and write.

    Examples:
        kvarter run policy.yaml --key-file ~/kvarter.key

        kvarter run policy.yaml --edition 2021 --out published --lang en
    """
    from kvarter.display import Display
    from kvarter.run import run as make

    with Display(lang.value, quiet) as display:
        status = make(
            policy,
            edition=edition,
            out=out,
            language=lang.value,
            strict=strict,
            key_file=key_file,
            tell=display.stage,
        )
    display.summary(status, out)


@app.command()
def check(policy: PolicyFile, quiet: Quiet = False) -> None:
    """Check the policy file and everything it names, without running it.

    Example:
        kvarter check policy.yaml
    """
    from kvarter.check import check as check_all
    from kvarter.errors import InputError
    from kvarter.policy import load_policy

    results = check_all(load_policy(policy), policy.parent)
    table = Table(box=None, pad_edge=False, show_header=False)
    for checked in results:
        mark = "[red]✗[/red]" if checked.problems else "[green]✓[/green]"
        mark = "[yellow]![/yellow]" if checked.remark else mark
        table.add_row(mark, checked.name, checked.found or checked.problems[0].what)
    if not quiet:
        _out.print(table)
    problems = [problem for checked in results for problem in checked.problems]
    if problems:
        raise InputError(problems)
    if not quiet:
        _out.print("The policy and all its files can be used.")


@app.command()
def demo(
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the example city and its statuses.")
    ] = Path("kvarter-demo"),
    lang: Language = Lang.DA,
    quiet: Quiet = False,
) -> None:
    """Make an example city of Copenhagen's size, and its status for 2017, 2021 and 2024.

    All its addresses, persons and notices are synthetic. Takes about a minute.

    Example:
        kvarter demo --out kvarter-demo
    """
    from kvarter.demo import demo as make
    from kvarter.display import Display

    with Display(lang.value, quiet) as display:
        statuses = make(out, lang.value, display.stage, display.edition)
    display.summary(statuses[-1], out / "status")


@app.command("match")
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
    column: Annotated[str, typer.Option(help="The column that holds the address text.")] = "text",
    date_column: Annotated[
        str | None,
        typer.Option(help="A column with a day: match to the register as it was then."),
    ] = None,
    explain: Annotated[
        str | None, typer.Option(help="Explain how this one address text is matched.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Wash one file of addresses: find each in the register, with a category and reasons.

    Category A is exact, B certain with differences, C a best guess; empty means none. All columns
    of the file stay, and six are added.

    Examples:
        kvarter match cases.csv --register register.parquet --out washed.xlsx --column Adresse

        kvarter match --register register.parquet --explain "Rante Mester Vej 4, 2400 København"
    """
    if explain is not None:
        _explain(explain, register)
        return
    if file is None or out is None:
        raise typer.BadParameter("give a file to wash and --out, or a text with --explain")
    from kvarter.wash import wash

    washed = wash(file, register, out, column, date_column)
    if quiet:
        return
    for category, rows in washed.by_category.items():
        share = rows / washed.rows if washed.rows else 0
        _out.print(f"{category or 'none':>4}  {rows:>9,}  {share:6.1%}")
    if washed.not_rows:
        lines = ", ".join(map(str, washed.not_rows[:10]))
        _out.print(f"Not rows of data, and left out: line(s) {lines}.")
    if washed.undated:
        _out.print(f"{washed.undated:,} rows have no day that can be read: matched as of today.")
    _out.print(f"{washed.rows:,} rows written to {out}")


def _explain(text: str, register: Path) -> None:
    from kvarter.addresses.explain import explain
    from kvarter.wash import open_index

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    with open_index(register) as index:
        for step in explain(text, index):
            for place, line in enumerate(step.lines):
                table.add_row("" if place else step.name, escape(line))
            table.add_row("", "")
    _out.print(table)


@app.command()
def trace(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Id of the source, as in the policy.")
    ],
    row: Annotated[int, typer.Argument(metavar="ROW", help="Line in the file, counted from 1.")],
    status: Annotated[
        Path, typer.Option(help="Folder with the statuses, or one status in it.")
    ] = Path("status"),
    edition: Annotated[
        str | None, typer.Option(help="Edition to look in; the newest if left out.")
    ] = None,
) -> None:
    """Tell one row's whole story, stage by stage.

    Example:
        kvarter trace domus-2023 17 --status kvarter-demo/status
    """
    from kvarter.store import RECORD, find_status
    from kvarter.trace import trace as steps_of

    folder = status if (status / RECORD).exists() else find_status(status, edition)
    for step in steps_of(folder, source, row):
        reason = f" ({step.reason})" if step.reason else ""
        _out.print(f"[bold]{step.stage:<6}[/bold] {step.outcome}{reason}", highlight=False)
        for name, value in step.facts.items():
            _out.print(f"         {name}: {value}", highlight=False, markup=False, soft_wrap=True)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the policy file, for editors that check while you type.

    Example:
        kvarter schema > policy.schema.json
    """
    from kvarter.policy import Policy

    text = json.dumps(Policy.model_json_schema(), ensure_ascii=False, indent=2)
    sys.stdout.write(text + "\n")


@register_app.command("build")
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
    from kvarter.make_register import make_register, set_aside_file
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
            _out.print(stage, highlight=False)

    built = make_register(file, out, names, Format(kind.value), tell)
    if quiet:
        return
    _out.print(f"{built.register.height:,} addresses written to {out}, and their index beside it")
    for reason, records in sorted(built.set_aside["reason"].value_counts().iter_rows()):
        _out.print(f"{records:>9,} set aside: {reason}")
    for reason, records in built.left_out.items():
        _out.print(f"{records:>9,} left out: {reason}")
    if built.set_aside.height:
        _out.print(f"The records set aside are in {set_aside_file(out)}")


@app.command("lists")
def lists_command(
    policy: PolicyFile,
    out: OutFolder = Path("lists"),
    year: Annotated[int | None, typer.Option(help="Year to print; the last if left out.")] = None,
    quiet: Quiet = False,
) -> None:
    """Make yearly lists of places by criteria, as the national lists of the Act on social housing.

    Writes who is on which list in which year under the rules then in force, with every criterion,
    to the folder OUT; prints the lists of a year.

    Example:
        kvarter lists examples/national-lists/policy.yaml --year 2023
    """
    from kvarter.designate import designate

    known, lists = designate(policy, out)
    years = lists["year"].unique().sort().to_list()
    if quiet or not years:
        return
    shown = years[-1] if year is None else year
    regime = known.regime(shown)
    if regime is None or shown not in years:
        raise typer.BadParameter(
            f"there are lists of {years[0]} to {years[-1]}", param_hint="--year"
        )
    table = Table("", box=None, pad_edge=False)
    for rule in regime.lists:
        table.add_column(say(rule.title, "da"), overflow="fold")
    marks = {True: "ja", False: "nej", None: "kan ikke afgøres"}
    for (place,), rows in lists.filter(lists["year"] == shown).group_by(
        "place", maintain_order=True
    ):
        table.add_row(escape(str(place)), *(marks[on] for on in rows["on_list"]))
    _out.print(f"{shown}: {say(regime.title, 'da')}")
    _out.print(table)
    _out.print(f"{lists.height:,} answers, with their reasons, are in {out}", highlight=False)


@app.command("release")
def release_command(
    status: Annotated[
        Path,
        typer.Argument(help="The folder of an edition, such as status/2024.", metavar="STATUS"),
    ],
    by: Annotated[str, typer.Option("--by", help="Who published it.")],
    where: Annotated[str, typer.Option("--where", help="Where: a page, a case number.")],
    on: Annotated[
        datetime | None,
        typer.Option("--on", help="The day; today if left out.", formats=["%Y-%m-%d"]),
    ] = None,
) -> None:
    """Note that a status was published: later editions may not give away what it hides.

    Every figure it shows is put on record in releases.jsonl, beside the editions. From then on a
    run checks itself against all of them.

    Example:
        kvarter release status/2024 --by "Anna Berg" --where "kk.dk/status-2024"
    """
    from kvarter.releases import release

    day = on.date() if on else date.today()
    figures = release(status, by, where, day)
    _out.print(f"{figures:,} figures of {status.name} are on record as published on {day}.")


@app.command("rebuild")
def rebuild_command(
    status: Annotated[
        Path,
        typer.Argument(help="The folder of an edition, such as status/2021.", metavar="STATUS"),
    ],
    out: Annotated[
        Path, typer.Option("--out", help="Folder to make it in; the edition gets one in it.")
    ] = Path("rebuilt"),
    inputs: Annotated[
        list[Path] | None,
        typer.Option(
            "--inputs",
            help="A folder with files of that time, where they are no longer where they lay. "
            "May be given more than once.",
        ),
    ] = None,
    key_file: KeyFile = None,
    lang: Annotated[
        Lang, typer.Option("--lang", help="Language of what is printed; the report has its own.")
    ] = Lang.DA,
    quiet: Quiet = False,
) -> None:
    """Make an old edition again from its record and inputs, as known then.

    Every file is held against what was made then. Ends with exit code 9 where one is not the same,
    byte for byte.

    Example:
        kvarter rebuild status/2021 --key-file ~/kvarter.key
    """
    from kvarter.display import Display
    from kvarter.rebuild import rebuild

    with Display(lang.value, quiet) as display:
        rebuilt = rebuild(status, out, inputs, key_file, display.stage)
    display.rebuilt(rebuilt.folder, rebuilt.files, rebuilt.tampered, rebuilt.versions)
    if not rebuilt.same:
        raise NotTheSameError(
            Problem(
                "this edition did not come out as it was made then",
                f"See what changed: kvarter compare {status} {rebuilt.folder}",
                str(status),
            )
        )


@app.command("compare")
def compare_command(
    then: Annotated[
        Path,
        typer.Argument(help="The folder of the old edition, such as status/2021.", metavar="THEN"),
    ],
    now: Annotated[
        Path,
        typer.Argument(help="The folder of the new edition, such as status/2024.", metavar="NOW"),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="File to write it to: .html, .docx, .pdf, or .csv (all rows)."),
    ] = None,
    lang: Annotated[
        Lang,
        typer.Option("--lang", help="Language of the comparison: da (Danish) or en (English)."),
    ] = Lang.DA,
    quiet: Quiet = False,
) -> None:
    """Say what changed between two editions, and why a figure of the same year is another now.

    Compares figures, verdicts, definitions, the area set and the inputs. What an edition hides
    stays hidden.

    Examples:
        kvarter compare status/2021 status/2024

        kvarter compare status/2021 status/2024 --out comparison.pdf --lang en
    """
    from kvarter.compare import check_form, compare, write_comparison
    from kvarter.display import Display
    from kvarter.report.comparison import comparison_document
    from kvarter.report.language import Tongue

    if out is not None:
        check_form(out)
    compared = compare(then, now)
    if out is not None:
        write_comparison(compared, out, lang.value)
    document = comparison_document(compared, Tongue(lang.value))
    Display(lang.value, quiet).compared(document, out)


def main() -> None:
    """Run the command line; a mistake that can be mended ends in words and not in a traceback."""
    try:
        app()
    except KvarterError as error:
        for problem in error.problems[:20]:
            _err.print(str(problem), style="red", highlight=False, markup=False, soft_wrap=True)
        if len(error.problems) > 20:
            _err.print(f"... and {len(error.problems) - 20} more.", style="red")
        sys.exit(error.exit_code)
    except SystemExit as stop:
        if stop.code == _INTERRUPTED:
            _err.print("Interrupted. Nothing was changed.", style="red")
        raise
