"""What the commands share: their options, and the console that they print on."""

from __future__ import annotations

import os
import re
import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

console = Console(emoji=False)


def quoted(word: str) -> str:
    """A word of a command, for the shell that it is pasted into: PowerShell on Windows."""
    if os.name != "nt":
        return shlex.quote(word)
    return word if re.fullmatch(r"[\w:.\\/-]+", word) else "'" + word.replace("'", "''") + "'"


class Lang(StrEnum):
    """The languages of reports and summaries."""

    DA = "da"
    EN = "en"


PolicyFile = Annotated[
    Path, typer.Argument(metavar="POLICY", help="The policy file, such as policy.yaml.")
]
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "--out",
        help="Folder for the statuses; each edition gets one in it. `status` beside the policy "
        "file if left out.",
        show_default=False,
    ),
]


def _speak(context: typer.Context, lang: Lang) -> Lang:
    """Until the command ends, what it says is said in this language."""
    from kvarter.i18n import Locale, in_language

    context.with_resource(in_language(Locale(lang.value)))
    return lang


Language = Annotated[
    Lang,
    typer.Option(
        "--lang",
        callback=_speak,
        help="Language of what is told: da (Danish) or en (English).",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key-file",
        help="File with the key for pseudonyms; else $KVARTER_KEY or $KVARTER_KEY_FILE is used.",
    ),
]
