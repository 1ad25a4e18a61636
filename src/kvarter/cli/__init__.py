"""The command line. Every command is a few lines around a function that can be called as well."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from kvarter import __version__
from kvarter.cli import addresses, editions, policy, site, status
from kvarter.cli.options import console
from kvarter.errors import KvarterError

app = typer.Typer(
    name="kvarter",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for part in (status, policy, addresses, editions, site):
    app.add_typer(part.commands)

_err = Console(stderr=True, emoji=False)
_INTERRUPTED = 130  # what Typer makes of Ctrl-C, without a word


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
        console.print(f"kvarter {__version__}")
        raise typer.Exit


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
