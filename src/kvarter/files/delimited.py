"""Text -> records: find likely delimiters, and split lines whose quotes cannot be trusted."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

Record = tuple[int, list[str]]
"""The number of the line a record begins on (from 1), and its fields."""

NO_DELIMITER = "\0"
"""Stands for the delimiter of a file with one column."""

_NAMES = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
_MOST_LINES_IN_A_FIELD = 50


def name_of(delimiter: str) -> str:
    return "one column" if delimiter == NO_DELIMITER else _NAMES.get(delimiter, repr(delimiter))


def likely_delimiters(text: str) -> list[str]:
    """All delimiters, the one that splits most lines into the same number of fields first."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]

    def steadiness(delimiter: str) -> tuple[int, int]:
        counts = Counter(_outside_quotes(line).count(delimiter) for line in lines)
        counts.pop(0, None)
        fields, times = counts.most_common(1)[0] if counts else (0, 0)
        return times, fields

    return sorted(_NAMES, key=steadiness, reverse=True)


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def split_records(text: str, delimiter: str) -> list[Record]:
    """The records of `text`. A stray quotation mark costs its own line nothing but the mark.

    A quoted field may hold line breaks; it is read so only where its end is found soon, and the
    lines within do not look like records of their own or make one record of the usual width.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    usual = Counter(line.count(delimiter) for line in lines[:500] if line.strip())
    full = max(usual, key=lambda count: (usual[count], count)) if usual else 0
    records: list[Record] = []
    at = 0
    while at < len(lines):
        fields, used = _record_at(lines, at, delimiter, full)
        if "".join(fields).strip():
            records.append((at + 1, fields))
        at += used
    return records


def _record_at(lines: list[str], at: int, delimiter: str, full: int) -> tuple[list[str], int]:
    """The fields of the record that begins on line `at`, and how many lines it takes."""
    line = lines[at]
    if '"' not in line:
        return line.split(delimiter), 1
    if _well_quoted(line, delimiter):
        return _parse(line, delimiter), 1
    if line.count('"') % 2:
        joined = line
        for more in range(1, min(_MOST_LINES_IN_A_FIELD, len(lines) - at)):
            following = lines[at + more]
            joined += "\n" + following
            a_record = full and following.count(delimiter) >= full
            if _well_quoted(joined, delimiter):
                fields = _parse(joined, delimiter)
                if not a_record or len(fields) == full + 1:
                    return fields, more + 1
            if a_record:
                break
    return [field.strip().strip('"') for field in line.split(delimiter)], 1


def _well_quoted(line: str, delimiter: str) -> bool:
    return _fields(delimiter)[0].fullmatch(line + delimiter) is not None


def _parse(line: str, delimiter: str) -> list[str]:
    """The fields of a line that is well quoted."""
    fields = _fields(delimiter)[1].findall(line + delimiter)
    return [quoted.replace('""', '"').strip() or plain.strip() for quoted, plain in fields]


@cache
def _fields(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of many fields, and of one, each with the delimiter after it."""
    mark = re.escape(delimiter)
    blanks = rf"[^\S{mark}]*"
    field = rf'(?:{blanks}"([^"]*(?:""[^"]*)*)"{blanks}|([^"{mark}]*)){mark}'
    return re.compile(f"(?:{field})*"), re.compile(field)
