"""Write a statement, or what is new of it into a file that is there: its other lines stay.

Comments (`#`), the order of fields and the way a text is broken are people's own, and are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from kvarter.errors import PolicyError
from kvarter.files.outputs import write_whole
from kvarter.policy.document import Place, parse_document
from kvarter.policy.edit import cut, put, put_after
from kvarter.statement.load import load_statement
from kvarter.statement.model import Statement

_LONG = 80
_WIDTH = 98


def save_statement(statement: Statement, path: Path) -> None:
    """Write the statement to `path`; of a file that is there, only what it says otherwise.

    Raises PolicyError where that file is no statement, or where a text has a person number in it.
    """
    text = as_yaml(statement)
    if path.exists():
        before = load_statement(path)
        was = path.read_bytes().decode("utf-8-sig")
        with suppress(yaml.YAMLError):  # written in a way that is not foreseen
            edited = _edited(was, before, statement)
            text = edited if _says(edited, statement, path) else text
    parse_document(text, str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    with write_whole(path) as aside:
        aside.write_bytes(text.encode())


def as_yaml(statement: Statement, above: Mapping[str, list[str]] | None = None) -> str:
    """The statement as the text of a file; `above`: lines of comment above a field."""
    lines = []
    for name, value in _data(statement).items():
        lines += [*(above or {}).get(name, []), *_lines(name, value)]
    return "\n".join(lines) + "\n"


def _says(text: str, statement: Statement, path: Path) -> bool:
    try:
        return Statement.model_validate(parse_document(text, str(path))[0]) == statement
    except (PolicyError, ValueError):
        return False


def _edited(text: str, before: Statement, now: Statement) -> str:
    """The text of `before`, with what `now` says otherwise."""
    was, new = _data(before), _data(now)
    if "comments" in was and "comments" in new:
        text = _edit(text, ("comments",), was.pop("comments"), new.pop("comments"))
    return _edit(text, (), was, new)


def _edit(text: str, part: Place, was: Mapping[Any, Any], now: Mapping[Any, Any]) -> str:
    """The text with the fields of a part changed from what they were."""
    last = list(was)[-1]
    for name in reversed([name for name in now if name not in was]):
        text = put_after(text, (*part, str(last)), _lines(name, now[name]))
    for name in was:
        place = (*part, str(name))
        if name not in now:
            text = cut(text, place)
        elif was[name] != now[name]:
            text = put(text, place, _lines(name, now[name]))
    return text


def _data(statement: Statement) -> dict[str, Any]:
    data = statement.model_dump(exclude_none=True, exclude_unset=True)
    return {name: value for name, value in data.items() if value}


class _Dumper(yaml.SafeDumper):
    """Writes as a person would: lists indented, long texts over several lines."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style, breaks_otherwise = None, re.search("[\r\x85\u2028\u2029]", text)
    if breaks_otherwise or text != text.strip() or re.fullmatch(r"\d+", text):
        style = '"'
    elif "\n" in text:
        style = "|"
    elif len(text) > _LONG:
        style = ">"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _number(dumper: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", str(number))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _number)


def _lines(name: Any, value: Any) -> list[str]:
    """A field as lines of YAML."""
    text: str = yaml.dump(
        {name: value}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH
    )
    return text.removesuffix("\n").split("\n")
