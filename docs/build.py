"""Write the pages that follow from the code, and check every link. Run it with `make docs`.

Written: `docs/cli.md` from the command line, `docs/policy.schema.json` from the policy models,
`docs/statement.schema.json` from that of the statement,
`docs/methods.md` from the specifications of the methods in `tests/methods`, `docs/tables.md` from
the specifications of the tables, `docs/casework-states.md` from the rules of the work on editions.
Checked: that every relative link in a Markdown file of the repository leads to a file, and to a
heading in it where the link names one.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import typer

from kvarter.cli import app
from kvarter.errors import KvarterError
from kvarter.policy import Policy
from kvarter.statement import Statement
from kvarter.tables import Table, internal_tables, other_tables, public_tables
from kvarter.tables.specification import COUNTS
from kvarter.web.goals.rules.drawn import page as casework_page

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from methods import CHAPTERS  # noqa: E402
from methods.spec import page as methods_page  # noqa: E402

_LEFT_OUT = {".venv", ".pytest_cache", "kvarter-demo", "build", "dist"}
_FENCED = re.compile(r"^(```|~~~).*?^\1", re.S | re.M)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")

_HEAD = """\
# The command line

<!-- Written by docs/build.py from the program itself. Do not edit: run `make docs`. -->

The same text is printed by `kvarter --help` and `kvarter COMMAND --help`. `kvarter
--install-completion` makes the shell complete commands and options.

Reports and summaries are in Danish unless `--lang en` is given. Help and errors are in English.
Two environment variables are read: `KVARTER_KEY` (the key for pseudonyms itself) and
`KVARTER_KEY_FILE` (a file with it). [privacy.md](privacy.md) says how to make and keep a key.

"""
_TABLES_HEAD = """\
# The tables of a status

<!-- Written by docs/build.py from src/kvarter/tables. Do not edit: run `make docs`. -->

Each table is written as `NAME.csv`, `NAME.parquet` and `NAME.json` with the same rows. The same
words stand in the workbook `tables.xlsx` (in the language of the run) and in `datapackage.json`.
[judgement.md](judgement.md) and [distance.md](distance.md) say how each figure is found.

A `fraction` is no percentage: 0.014 is 1.4 percent. `points` are percentage points. A column whose
name ends in `_low` or `_high` and which is not listed is an end of the interval of the one that it
begins with. Figures that are hidden, or that rest on a hidden one, are blank. So each column says
on which counts it rests; a word that does stays where it is the same whatever is hidden.

"""
_OTHERS_HEAD = """
## Tables of other commands

"""
_INTERNAL_HEAD = """
## Tables that stay in the house

They hold exact small counts, addresses or pseudonyms, and lie in the folder `internal/`: none of
them may be published ([privacy.md](privacy.md)). Some are no file, but pass from stage to stage.

"""
_TYPES = {
    "text": "text",
    "whole": "whole number",
    "number": "number",
    "yes_no": "true or false",
    "date": "date",
    "texts": "list of texts",
}
_CODES_HEAD = """\
## Exit codes

An error is printed on standard error, as `file:line: field: what is wrong`, with the remedy on the
line below. All problems found are printed (at most 20), not only the first. A run that ends with a
code other than 0 has written no status, and a status that was there before is still whole.

| code | meaning |
| --- | --- |
| 0 | Done. |
| 1 | An unexpected fault, with a traceback. Please report it. |
| 2 | The command was used wrongly: an unknown option, or an argument that is missing. |
"""


def commands(group: Any = None, name: str = "kvarter") -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its full name, in the order of the help."""
    group = group or typer.main.get_command(app)
    for short, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} {short}")
        else:
            yield f"{name} {short}", command


def cli_page() -> str:
    """The content of `docs/cli.md`."""
    found = list(commands())
    top = typer.main.get_command(app)
    parts = [_HEAD, "| command | what it does |\n| --- | --- |\n"]
    for name, command in found:
        first = inspect.cleandoc(command.help or "").split("\n\n")[0].replace("\n", " ")
        parts.append(f"| [`{name}`](#{name.replace(' ', '-')}) | {first} |\n")
    parts += ["\nOptions of `kvarter` itself:\n\n", _options(top)]
    for name, command in found:
        usage = "".join(f" {p.metavar}" for p in command.params if p.param_type_name == "argument")
        usage += " [OPTIONS]" if any(p.param_type_name == "option" for p in command.params) else ""
        parts.append(f"\n## {name}\n\n```\n{name}{usage}\n```\n\n{_help(command.help)}\n")
        parts.append("\n" + _options(command))
    return "".join([*parts, "\n", _CODES_HEAD, _codes()])


def tables_page() -> str:
    """The content of `docs/tables.md`."""
    public, others, internal = public_tables(), other_tables(), internal_tables()
    parts = [_TABLES_HEAD, "| rests on | what |\n| --- | --- |\n"]
    parts += [f"| {name.replace('_', ' ')} | {what} |\n" for name, what in COUNTS.items()]
    parts += ["\n", *_contents(public)]
    parts += [part for about in public.values() for part in _table(about, "##")]
    parts += [_OTHERS_HEAD, *_contents(others)]
    parts += [part for about in others.values() for part in _table(about, "###")]
    parts += [_INTERNAL_HEAD, *_contents(internal)]
    parts += [part for about in internal.values() for part in _table(about, "###")]
    return "".join(parts)


def _contents(tables: Mapping[str, Table]) -> Iterator[str]:
    yield "| table | what it is |\n| --- | --- |\n"
    for name, about in tables.items():
        yield f"| [`{name}`](#{name}) | {about.title.en} |\n"


def _table(about: Table, heading: str) -> Iterator[str]:
    """A table and its columns; the ends of intervals go without saying."""
    keys = ", ".join(f"`{key}`" for key in about.key)
    yield f"\n{heading} {about.name}\n\n{about.rows.en} Its rows are told apart by {keys}."
    if not about.public:
        endings = {"lists": "json"}
        files = [f"`internal/{about.name}.{endings.get(form, form)}`" for form in about.forms]
        yield f" It is {' and '.join(files)}." if files else " It is no file of its own."
    columns = [column for column in about.columns.values() if not column.end_of]
    if about.name == "exact_verdicts":
        yield "\n"
        return
    rests = "rests on | " if about.public else ""
    yield f"\n\n| column | type | unit | {rests}meaning |\n"
    yield f"| --- | --- | --- | {'--- | ' if about.public else ''}--- |\n"
    for column in columns:
        counts = f"{' and '.join(column.rests_on).replace('_', ' ')} | "
        yield (
            f"| `{column.name}` | {_TYPES[column.type]} | {column.unit or ''} | "
            f"{counts if about.public else ''}{column.en} |\n"
        )


def _help(text: str | None) -> str:
    """A docstring as Markdown: what stands indented in it is code."""
    return re.sub(
        r":\n((?:(?: {4}.*)?\n)* {4}.*)",
        lambda found: ":\n\n```\n" + inspect.cleandoc(found[1]) + "\n```",
        inspect.cleandoc(text or ""),
    )


def _options(command: Any) -> str:
    if not command.params:
        return "It has no arguments and no options.\n"
    rows = ["| argument or option | meaning |", "| --- | --- |"]
    for one in command.params:
        is_argument = one.param_type_name == "argument"
        names = [one.metavar] if is_argument else one.opts
        shown = ", ".join(f"`{name}`" for name in names)
        default = one.default.value if isinstance(one.default, Enum) else one.default
        if one.required and not is_argument:
            shown += " (required)"
        given = default not in (None, False) and not is_argument
        rows.append(f"| {shown} | {one.help}{f' Default: `{default}`.' if given else ''} |")
    return "\n".join(rows) + "\n"


def _codes() -> str:
    rows = [
        f"| {kind.exit_code} | {' '.join((kind.__doc__ or '').split())} |"
        for kind in sorted(KvarterError.__subclasses__(), key=lambda kind: kind.exit_code)
    ]
    return "\n".join([*rows, "| 130 | Interrupted with Ctrl-C. Nothing was changed. |"]) + "\n"


def schema() -> str:
    """The content of `docs/policy.schema.json`, the same as `kvarter schema` prints."""
    return json.dumps(Policy.model_json_schema(), ensure_ascii=False, indent=2) + "\n"


def statement_schema() -> str:
    """The content of `docs/statement.schema.json`, as `kvarter schema --statement` prints it."""
    return json.dumps(Statement.model_json_schema(), ensure_ascii=False, indent=2) + "\n"


def generated() -> dict[Path, str]:
    """Every file that follows from the code, and what it must hold."""
    return {
        ROOT / "docs" / "cli.md": cli_page(),
        ROOT / "docs" / "policy.schema.json": schema(),
        ROOT / "docs" / "statement.schema.json": statement_schema(),
        ROOT / "docs" / "methods.md": methods_page(CHAPTERS),
        ROOT / "docs" / "tables.md": tables_page(),
        ROOT / "docs" / "casework-states.md": casework_page(),
    }


def pages() -> list[Path]:
    """Every Markdown file of the repository."""
    found = (path.relative_to(ROOT) for path in sorted(ROOT.rglob("*.md")))
    return [ROOT / path for path in found if not _LEFT_OUT & set(path.parts)]


def broken_links() -> list[str]:
    """Relative links that lead nowhere, as `page: link`."""
    broken = []
    for page in pages():
        for link in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
            if re.match(r"[a-z]+:", link):
                continue
            name, _, heading = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            if not target.exists() or (heading and heading not in _headings(target)):
                broken.append(f"{page.relative_to(ROOT)}: {link}")
    return broken


def _headings(page: Path) -> set[str]:
    """The names by which a link can lead to a heading of `page`, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text(encoding="utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def main() -> int:
    """Write the pages; 1 where a link is broken, else 0."""
    for path, content in generated().items():
        path.write_text(content, encoding="utf-8")
        print(f"written: {path.relative_to(ROOT)}")
    broken = broken_links()
    for link in broken:
        print(f"leads nowhere: {link}", file=sys.stderr)
    if not broken:
        print(f"every link of {len(pages())} pages leads somewhere")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
