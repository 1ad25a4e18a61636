"""A policy file -> its values as texts, and the line that each stands in.

YAML makes numbers, days and truth of texts that look like them, by rules that few know: `0461` is
an octal number, `no` is false, `12:30` is 750. Here every value is the text that stands in the
file (or nothing); what a field makes of it is said by its model.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from kvarter.errors import PolicyError, Problem
from kvarter.files.inputs import read_bytes
from kvarter.policy.unfilled import is_unfilled
from kvarter.privacy import without_person_numbers

LARGEST = 1_000_000
"""Bytes of a policy file; a large one has some 20,000."""

_DEEPEST, _MOST_VALUES = 30, 100_000

Place = tuple[str | int, ...]
"""Where a value stands in the file: keys and list positions from the top."""

_NULL, _MERGE = "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"

_FILE_NAMES = {"file", "sheet", "word_template"}
"""Fields that name what is there already; what is in a name is masked wherever it is told."""


class _Loader(yaml.SafeLoader):
    """Reads every value that stands there as text; the keys of `<<` are merged."""


_Loader.yaml_implicit_resolvers = {
    first: kept
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    if (kept := [(tag, form) for tag, form in resolvers if tag in (_NULL, _MERGE)])
}


def read_document(path: Path) -> tuple[Any, dict[Place, int]]:
    """The values of the YAML file at `path`, as texts, and the line of each.

    Raises PolicyError where it is no text, and as `parse_document` does.
    """
    content = read_bytes(path, LARGEST, PolicyError)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PolicyError.of("the file is not UTF-8 text", "Save it as UTF-8.", path) from None
    return parse_document(text, str(path))


def parse_document(text: str, file: str) -> tuple[Any, dict[Place, int]]:
    """The values of a YAML text, as texts, and the line of each; `file`: where it stands.

    Raises PolicyError, with the line and a remedy, where it cannot be read as YAML, where a value
    is cut off by a comma or a `#`, or where a key is given twice or a person number is written.
    """
    try:
        loader = _Loader(text)
    except yaml.YAMLError as error:
        raise PolicyError(_not_yaml(error, text, file)) from None
    try:
        node = loader.get_single_node()
        if node is None:
            raise PolicyError.of(
                "the file is empty",
                "Start from your own files with `kvarter init FOLDER`, or from the example "
                "that `kvarter demo` writes.",
                file,
            )
        walk = _Walk(file, text.splitlines())
        walk.note(node, ())
        if walk.problems:
            raise PolicyError(walk.problems)
        return loader.construct_document(node), walk.lines
    except RecursionError:
        raise PolicyError(_nested(file, None)) from None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise PolicyError(_not_yaml(error, text, file)) from None
    finally:
        loader.dispose()


def _nested(file: str, line: int | None) -> Problem:
    return Problem(
        "there are values in values without end here",
        "Look for an alias (*name) inside what it stands for, and for brackets not closed.",
        file,
        line,
    )


class _Walk:
    """Goes through the values of a file; notes the line of each, and what YAML lets pass."""

    def __init__(self, file: str, text: list[str]) -> None:
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self._file, self._text = file, text

    def note(self, node: yaml.Node, place: Place) -> None:
        line = node.start_mark.line + 1
        if len(place) > _DEEPEST or len(self.lines) > _MOST_VALUES:
            raise PolicyError(_nested(self._file, line))
        self.lines[place] = line
        if isinstance(node, yaml.MappingNode):
            self._mapping(node, place)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self.note(value, (*place, index))
        else:
            self._text_of(node, place)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> None:
        seen: set[str] = set()
        before: yaml.Node | None = None
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                what = "the name of a field is a list or a mapping here"
                self._wrong(what, "Put the text in quotes, or write `name: value`.", line)
                continue
            cut = self._cut_by_comma(key, value, before)
            if cut is not None:
                self._wrong(*cut, line)
            elif key.value in seen:
                self._wrong(f"{key.value!r} is given twice", "Keep one of the two.", line)
            seen.add(key.value)
            self.note(value, (*place, key.value))
            self.lines[(*place, key.value)] = line
            before = value

    def _cut_by_comma(
        self, key: yaml.ScalarNode, value: yaml.Node, before: yaml.Node | None
    ) -> tuple[str, str] | None:
        """`{change: -20,5}` is a change of -20 and a field called 5."""
        cut = re.fullmatch(r"\d+\D{0,20}", key.value) and value.value == ""
        if not cut or before is None or not re.fullmatch(r"\D{0,9}\d[\d.]*", str(before.value)):
            return None
        written = f"{before.value},{key.value}"
        digits = re.match(r"\d+", key.value)
        assert digits is not None
        sign = "-" if re.match(r"\s*(?:-|\u2212|\u2013|minus)", before.value) else ""
        before_comma, after_comma = sign + re.sub(r"\D", "", before.value), digits[0]
        remedy = f"Write {before_comma}.{after_comma} with a point."
        if not after_comma.strip("0"):
            remedy = f"Write {before_comma}."
        if len(after_comma) == 3:
            as_thousands = f"{before_comma}{after_comma}"
            remedy = f"Write {as_thousands}, or {before_comma}.{after_comma}0 where it is decimals."
        return f"{written!r} is cut in two by its comma", remedy

    def _text_of(self, node: yaml.Node, place: Place) -> None:
        """What of a single value may not be there, or is not all of it."""
        line, text = node.start_mark.line + 1, str(node.value)
        names_a_file = any(step in _FILE_NAMES for step in place)
        if without_person_numbers(text) != text and not names_a_file:
            self._wrong(
                "here stands what looks like a person number",
                "Take it out: what is written here is published. Put a blank or a letter into a "
                "number that is none.",
                line,
                ".".join(map(str, place)),
            )
        if is_unfilled(text):
            remedy = "Write what was decided; or take the part away that it stands in."
            self._wrong("this is still to be filled in", remedy, line, ".".join(map(str, place)))
        if isinstance(node, yaml.ScalarNode) and node.style is None and node.value:
            end = node.end_mark
            rest = self._text[end.line][end.column :] if end.line < len(self._text) else ""
            if re.match(r"\s+#[^\s#!]", rest):
                comment = rest.strip()
                self._wrong(
                    f"all from # on is a comment and not read: {comment[:40]!r}",
                    'Put the text in quotes, as in "No. #2"; or write a blank after the #.',
                    end.line + 1,
                )

    def _wrong(self, what: str, remedy: str, line: int, field: str = "") -> None:
        self.problems.append(Problem(what, remedy, self._file, line, field))


def _not_yaml(error: Exception, text: str, file: str) -> Problem:
    """What is wrong with a file that is not YAML, with the line to look at and what to do."""
    what = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    mark = getattr(error, "problem_mark", None)
    begun = getattr(error, "context_mark", None)
    if begun is not None and ("unexpected end" in what or "while scanning a quoted" in str(error)):
        mark = begun  # where the quotation mark stands, and not where the file ends
    lines = ["", *text.splitlines(), ""]
    at = min(mark.line + 1, len(lines) - 1) if mark else 0
    remedy = _remedy(what, lines[at], lines[at - 1])
    if any(line.lstrip().startswith("#") for line in lines[max(at - 1, 1) : at + 2]):
        remedy += " Or a line beside it still stands behind a #: then take that away too."
    return Problem(f"this is not valid YAML: {what}", remedy, file, mark.line + 1 if mark else None)


def _remedy(what: str, line: str, above: str) -> str:
    """What to do about an error of YAML's, with the `line` and the one `above` as they stand."""
    if "\t" in line:
        return "Take out the tabs: indent with blanks, and put a blank after each colon."
    no_blank = re.match(r"\s*(?:- )?([\w-]+):(\S.*)$", above)
    if no_blank and ("mapping values" in what or "could not find expected ':'" in what):
        return f"Put a blank after the colon on the line above: `{no_blank[1]}: {no_blank[2]}`."
    if "mapping values are not allowed" in what:
        if match := re.match(r"\s*(?:- )?[\w-]+: +([^\[{\"'].*:(?: .*)?)$", line):
            return f"A text with a colon in it needs quotes: {_quoted(match[1].strip())}."
        return "Indent this line just as the lines it belongs with, and look at the one above it."
    if "cannot start any token" in what or "alias" in what or "constructor for the tag" in what:
        value = re.sub(r"^\s*(?:- )?(?:[\w-]+: *)?", "", line).strip()
        return f"Put the text in quotes, as in {_quoted(value)}."
    if "escape character" in what:
        return "Write the text in single quotes: in double quotes a \\ means something else."
    if "unexpected end of stream" in what or "document separator" in what:
        return "A quotation mark or bracket that begins here is not closed: close it."
    if "expected ',' or" in what:
        return "Put a comma between the values, and close the bracket they stand in."
    if "expected <block end>" in what or "could not find expected ':'" in what:
        return (
            "Indent this line just as the lines it belongs with; a text that begins with a "
            "bracket, or goes on after a quotation mark, needs quotes around all of it."
        )
    return "Look at the indentation, colons and quotes on this line and the one above it."


def _quoted(text: str) -> str:
    """The text in quotes, as YAML reads it."""
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'
