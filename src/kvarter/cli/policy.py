"""Commands on a policy file alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from kvarter.cli.options import Lang, Language, PolicyFile, Quiet, console, quoted
from kvarter.privacy import without_person_numbers

commands = typer.Typer()


@commands.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder with the municipality's files.")
    ],
    lang: Language = Lang.DA,
    quiet: Quiet = False,
) -> None:
    """Write a first policy file from the files of a folder, with the reason of every guess.

    Looks for a register or a table of addresses (of which a register is made), areas, extracts
    and statistics: CSV, Excel, Parquet and GeoJSON. What could not be guessed is marked in the
    file (UDFYLD) and listed. Never writes over a file that is there.

    Example:
        kvarter init our-files
    """
    from kvarter.cases.key import MAKE_KEY, OWN_KEY
    from kvarter.documents.words import note_in_words
    from kvarter.i18n import _, locale
    from kvarter.starting.init import init as begin
    from kvarter.starting.look import Role

    def say(words: str, style: str = "", *, whole: bool = False) -> None:
        if not quiet:
            masked = without_person_numbers(words)
            console.print(masked, style=style, markup=False, highlight=False, soft_wrap=whole)

    begun = begin(folder, language=lang.value, tell=lambda note: say(note_in_words(note)))
    for seen in begun.seen:
        mark = "-" if seen.role is Role.OTHER else "✓"
        words = note_in_words(seen.why)
        if seen.aside:
            words += _(
                "; {count} {count:line is no row|lines are no rows} of data", count=seen.aside
            )
        say(f"{mark} {words}")
    if begun.register_made is not None:
        count = locale.number(begun.register_made)
        say(
            "✓ "
            + _("register.parquet is made, with {count} {count:address|addresses}", count=count)
        )
    for note in (*begun.of_register, *begun.unused):
        say(f"! {note_in_words(note)}", "yellow")
    say("\n" + _("{file} is written. To fill in or look at:", file=begun.policy))
    for line, words in begun.asked:
        say("  " + _("line {line}: {words}", line=line, words=words))
    if begun.statements:
        files = locale.listed([str(file) for file in begun.statements])
        say(_("Comments, next steps and who signs can be written in {files}.", files=files))
    path = quoted(str(begun.policy))
    say("\n" + _("Then, when the file is filled in:"))
    say(f"  kvarter check {path}", whole=True)
    say(_("Once, where there is no key yet; keep it safe, and apart from the files:"))
    for command in MAKE_KEY:
        say(f"  {command}", whole=True)
    say(_("And the status, which comes into the folder of the policy file:"))
    say(f"  kvarter run {path} --key-file {OWN_KEY}", whole=True)


@commands.command()
def check(policy: PolicyFile, lang: Language = Lang.DA, quiet: Quiet = False) -> None:
    """Check the policy file, its statements, everything it names, and whether it all fits together.

    Reads every file, finds the addresses and counts, as a run does; judges and writes nothing. A
    line for each thing that was checked, what each target asks for, and then the remarks: also what
    `kvarter init` left to fill in. What makes a figure impossible or
    wrong is a problem (✗, exit code 4); what somebody should look at is a remark (!, exit code 0).

    Example:
        kvarter check policy.yaml
    """
    from kvarter.documents.words import note_in_words
    from kvarter.errors import InputError
    from kvarter.i18n import _
    from kvarter.pipeline.check import check as check_all
    from kvarter.pipeline.check import to_fill_in
    from kvarter.pipeline.run import note_unfilled
    from kvarter.policy import load_policy

    results = check_all(load_policy(policy), policy.parent, lang.value)
    results += to_fill_in(policy, lang.value)
    table = Table(box=None, pad_edge=False, show_header=False)
    remarks = Table(box=None, pad_edge=False, show_header=False)
    for checked in results:
        lines = [note_in_words(note) for note in checked.notes]
        if checked.remark:
            lines.append(checked.found)
        else:
            mark = "[red]✗[/red]" if checked.problems else "[green]✓[/green]"
            found = checked.found or checked.problems[0].what
            table.add_row(mark, escape(checked.name), escape(without_person_numbers(found)))
        for line in lines:
            said = escape(without_person_numbers(line))
            remarks.add_row("[yellow]![/yellow]", escape(checked.name), said)
    if not quiet:
        console.print(table)
        console.print(remarks)
    problems = [problem for checked in results for problem in checked.problems]
    if problems:
        raise InputError(problems)
    if not quiet:
        console.print(_("The policy and all its files can be used."))
        for note in note_unfilled(policy):
            console.print(note_in_words(note), markup=False, highlight=False)


@commands.command("migrate")
def migrate_command(policy: PolicyFile, lang: Language = Lang.DA, quiet: Quiet = False) -> None:
    """Move comments, next steps and signatories of an older policy file into files of their own.

    They come into `statements/ID.yaml` beside the policy file, one for each edition. All other
    lines of the policy stay as they are, and the file as it was is kept as
    POLICY.before-migration. Tells line by line what was moved. Never writes over a file that is
    there.

    Example:
        kvarter migrate policy.yaml
    """
    from kvarter.i18n import _
    from kvarter.statement.migrate import before_migration, migrate

    moved = migrate(policy)
    if quiet:
        return
    for each in moved:
        file = policy.parent / each.file
        words = _(
            "line {line}: {field} is moved to {file}", line=each.line, field=each.field, file=file
        )
        console.print(words, markup=False, highlight=False, soft_wrap=True)
    words = _("{file}: there is nothing to move.", file=policy)
    if moved:
        words = _(
            "{file} is the policy file as it was; all its other lines are unchanged.",
            file=before_migration(policy),
        )
    console.print(words, markup=False, highlight=False, soft_wrap=True)


@commands.command()
def schema(
    statement: Annotated[
        bool, typer.Option("--statement", help="That of a statement, `statements/ID.yaml`.")
    ] = False,
) -> None:
    """Print the JSON Schema of the policy file, for editors that check while you type.

    Example:
        kvarter schema > policy.schema.json
    """
    from kvarter.policy import Policy
    from kvarter.statement import Statement

    model = Statement if statement else Policy
    text = json.dumps(model.model_json_schema(), ensure_ascii=False, indent=2)
    sys.stdout.write(text + "\n")


@commands.command("lists")
def lists_command(
    policy: PolicyFile,
    out: Annotated[Path, typer.Option("--out", help="Folder for the lists.")] = Path("lists"),
    year: Annotated[int | None, typer.Option(help="Year to print; the last if left out.")] = None,
    quiet: Quiet = False,
) -> None:
    """Make yearly lists of places by criteria, as the national lists of the Act on social housing.

    Writes who is on which list in which year under the rules then in force, with every criterion,
    to the folder OUT; prints the lists of a year.

    Example:
        kvarter lists examples/national-lists/policy.yaml --year 2023
    """
    from kvarter.lists.lists import designate
    from kvarter.policy.model import say

    made = designate(policy, out)
    known, lists = made.policy, made.lists
    for note in made.notes:
        console.print(str(note), markup=False)
    years = lists["year"].unique().sort().to_list()
    if quiet or not years:
        return
    shown = years[-1] if year is None else year
    regime = known.regime(shown)
    if regime is None or shown not in years:
        raise typer.BadParameter(
            f"there are lists of {years[0]} to {years[-1]}", param_hint="--year"
        )
    # A line a place, with its lists in words: as columns, their titles are wider than a terminal.
    titles = {rule.id: say(rule.title, "da") for rule in regime.lists}
    table = Table("Sted", "På listerne", "Kan ikke afgøres", box=None, pad_edge=False)
    for (place,), rows in lists.filter(lists["year"] == shown).group_by(
        "place", maintain_order=True
    ):
        by_answer: dict[bool | None, list[str]] = {True: [], False: [], None: []}
        for of, on in rows.select("list", "on_list").iter_rows():
            by_answer[on].append(titles[of])
        on_lists, unknown = (", ".join(map(escape, by_answer[answer])) for answer in (True, None))
        table.add_row(escape(str(place)), on_lists or ("" if unknown else "ingen"), unknown)
    console.print(f"{shown}: {say(regime.title, 'da')}")
    console.print(table)
    console.print(f"{lists.height:,} answers, with their reasons, are in {out}", highlight=False)
