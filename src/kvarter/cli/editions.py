"""Commands on editions that were made before."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from kvarter.cli.options import KeyFile, Lang, Language, Quiet, console
from kvarter.errors import NotTheSameError

commands = typer.Typer()


@commands.command("release")
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
    from kvarter.editions.releases import release

    day = on.date() if on else date.today()
    figures = release(status, by, where, day)
    console.print(f"{figures:,} figures of {status.name} are on record as published on {day}.")


@commands.command("rebuild")
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
    lang: Language = Lang.DA,
    quiet: Quiet = False,
) -> None:
    """Make an old edition again from its record and inputs, as known then.

    Every file is held against what was made then. Ends with exit code 9 where one is not the same,
    byte for byte.

    Example:
        kvarter rebuild status/2021 --key-file ~/kvarter.key
    """
    from kvarter.cli.display import Display
    from kvarter.pipeline.rebuild import rebuild

    with Display(quiet) as display:
        rebuilt = rebuild(status, out, inputs, key_file, display.stage)
    display.rebuilt(rebuilt.folder, rebuilt.files, rebuilt.tampered, rebuilt.versions)
    if not rebuilt.same:
        raise NotTheSameError.of(
            "this edition did not come out as it was made then",
            f"See what changed: kvarter compare {status} {rebuilt.folder}",
            status,
        )


@commands.command("compare")
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
    lang: Language = Lang.DA,
    quiet: Quiet = False,
) -> None:
    """Say what changed between two editions, and why a figure of the same year is another now.

    Compares figures, verdicts, definitions, the area set and the inputs. What an edition hides
    stays hidden.

    Examples:
        kvarter compare status/2021 status/2024

        kvarter compare status/2021 status/2024 --out comparison.pdf --lang en
    """
    from kvarter.cli.display import Display
    from kvarter.comparison.compare import check_form, compare, write_comparison
    from kvarter.comparison.document import comparison_document

    if out is not None:
        check_form(out)
    compared = compare(then, now)
    if out is not None:
        write_comparison(compared, out, lang.value)
    document = comparison_document(compared, lang.value)
    Display(quiet).compared(document, out)
