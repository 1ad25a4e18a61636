"""Commands that make a status, and tell how its figures came about."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kvarter.cli.options import KeyFile, Lang, Language, OutFolder, PolicyFile, Quiet, console

commands = typer.Typer()


class OneForm(StrEnum):
    """The forms of a document."""

    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"


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
    again: Annotated[
        bool, typer.Option("--again", help="Make it also where nothing has changed since.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Make a status: read the extracts, match, place, deduplicate, measure, judge, protect, write.

    It comes into the folder `status` beside the policy file, wherever the command is given. One
    that was made of the same files, by the same policy and program, is left as it is; where only
    what people write of it has changed (`statements/ID.yaml`), its documents are written again.

    Examples:
        kvarter run our-files/policy.yaml --key-file ~/kvarter.key

        kvarter run policy.yaml --edition 2021 --out published --lang en
    """
    from kvarter.cli.display import Display
    from kvarter.pipeline.run import run as make
    from kvarter.pipeline.run import statuses_of

    with Display(quiet) as display:
        status = make(
            policy,
            edition=edition,
            out=out,
            language=lang.value,
            strict=strict,
            key_file=key_file,
            again=again,
            tell=display.stage,
        )
    display.summary(status, out or statuses_of(policy))


@commands.command("write")
def write_command(
    status: Annotated[
        Path,
        typer.Argument(help="The folder of an edition, such as status/2024.", metavar="STATUS"),
    ],
    only: Annotated[
        list[OneForm] | None,
        typer.Option("--only", help="Write this form alone. May be given more than once."),
    ] = None,
    lang: Annotated[
        Lang | None,
        typer.Option("--lang", help="Language of the documents; as they are if left out."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write the documents of an edition again, without its extracts: no figure changes.

    The report, the memo and the annexes are made of what lies in the folder of the edition, and
    of what people write of it, in `statements/ID.yaml` beside the policy file.

    Examples:
        kvarter write status/2024

        kvarter write status/2024 --only html --lang en
    """
    from kvarter.documents.write import FORMS
    from kvarter.pipeline.write import write

    def tell(document: str) -> None:
        if not quiet:
            console.print(document, highlight=False)

    forms = [form for form in FORMS if not only or form in only]
    write(status, language=lang.value if lang else None, only=forms, tell=tell)


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

    with Display(quiet) as display:
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
    from kvarter.editions.folder import RECORD, find_edition
    from kvarter.editions.trace import trace as steps_of

    folder = status if (status / RECORD).exists() else find_edition(status, edition)
    for step in steps_of(folder, source, row, sheet):
        reason = f" ({step.reason})" if step.reason else ""
        console.print(f"[bold]{step.stage:<11}[/bold] {step.outcome}{reason}", highlight=False)
        for name, value in step.facts.items():
            console.print(
                f"         {name}: {value}", highlight=False, markup=False, soft_wrap=True
            )
