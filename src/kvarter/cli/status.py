"""Commands that make a status, and tell how its figures came about."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kvarter.cli.options import KeyFile, Lang, Language, OutFolder, PolicyFile, Quiet, console

commands = typer.Typer()


@commands.command()
def run(
    policy: PolicyFile,
    edition: Annotated[
        str | None, typer.Option(help="Edition to make; the last in the policy if left out.")
    ] = None,
    out: OutFolder = None,
    lang: Language = Lang.DA,
    key_file: KeyFile = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at a row that has to be set aside.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Make a status: read the extracts, match, place, unite, count, judge, protect and write.

    It comes into the folder `status` beside the policy file, wherever the command is given.

    Examples:
        kvarter run our-files/policy.yaml --key-file ~/kvarter.key

        kvarter run policy.yaml --edition 2021 --out published --lang en
    """
    from kvarter.cli.display import Display
    from kvarter.pipeline.run import run as make
    from kvarter.pipeline.run import statuses_of

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
    display.summary(status, out or statuses_of(policy))


@commands.command()
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
    from kvarter.cli.display import Display
    from kvarter.pipeline.demo import demo as make

    with Display(lang.value, quiet) as display:
        statuses = make(out, lang.value, display.stage, display.edition)
    display.summary(statuses[-1], out / "status")


@commands.command()
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
    sheet: Annotated[
        str | None,
        typer.Option(help="ROW is a row of this sheet, where several of a workbook were read."),
    ] = None,
) -> None:
    """Tell one row's whole story, stage by stage.

    Example:
        kvarter trace domus-2023 17 --status kvarter-demo/status
    """
    from kvarter.editions.trace import trace as steps_of
    from kvarter.files.outputs import RECORD, find_status

    folder = status if (status / RECORD).exists() else find_status(status, edition)
    for step in steps_of(folder, source, row, sheet):
        reason = f" ({step.reason})" if step.reason else ""
        console.print(f"[bold]{step.stage:<6}[/bold] {step.outcome}{reason}", highlight=False)
        for name, value in step.facts.items():
            console.print(
                f"         {name}: {value}", highlight=False, markup=False, soft_wrap=True
            )
