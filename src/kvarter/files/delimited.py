"""Text -> records: find likely delimiters, and split lines whose quotes cannot be trusted.

A line that is plainly well formed is split with all others of its kind at once; one whose quotation
marks are out of order, or that begins a field of several lines, is read by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from kvarter.files.lines import first_lines, lines_of, part_at_unusual_ends
from kvarter.notes import Note

Record = tuple[int, list[str]]
"""The number of the line a record begins on (from 1), and its fields."""

RECORD = pl.Schema([("row", pl.Int64()), ("fields", pl.List(pl.String()))])
"""The columns of many records."""

NO_DELIMITER = "\0"
"""Stands for the delimiter of a file with one column."""

_STAND_IN = "\x1f"
"""Stands for a delimiter of several characters, once the text is read."""

_NAMES = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
_UNUSUAL = ["^", "~", "§", "¤", "¦", "；", "，", "#", "!", "*", ":", "\x1f", "\x01"]
_SEVERAL = [
    "|~|",
    "~|~",
    "^|^",
    "|;|",
    "#|#",
    "||",
    ";;",
    "::",
    "^^",
    "~~",
    "##",
    "$$",
    "@@",
    "\t|\t",
]

MOST_LINES_IN_A_RECORD = 10_000
MOST_CHARACTERS_IN_A_RECORD = 2_000_000
_SAID = re.compile(r'"?sep=(.)"?[;,\t]*(?=\n)', re.I)
_ENOUGH_TO_COUNT = 300
_ROOM = 20
"""How many times the length of a text may be searched in vain for the end of a quoted field."""

_BLANKS = " \t\u00a0"

PAIRS = {
    "„": "“”",
    "“": "”“",
    "”": "”“",
    "«": "»",
    "»": "«",
    "'": "'",
    "‘": "’",
    "’": "’‘",
    "‚": "‘’",
}
"""Quotation marks beside the straight double one, and those that may close each."""


def name_of(delimiter: str) -> str:
    return "one column" if delimiter == NO_DELIMITER else _NAMES.get(delimiter, repr(delimiter))


@dataclass(frozen=True)
class Records:
    """The records of a text, and in which lines its quotation marks left a doubt.

    `frame`: `row` (the number of the line a record begins on, from 1) and `fields`, a list.
    `stray`: lines with a mark out of place, which was left out. `spanning`: lines where a quoted
    field begins that holds lines which look like records. `otherwise`: lines with a delimiter
    between other quotation marks.
    """

    frame: pl.DataFrame
    stray: list[int]
    spanning: list[int]
    otherwise: list[int]


@dataclass(frozen=True)
class Parted:
    """A text in records: their `frame`, the name of the delimiter, and notes.

    `marks`: quotation marks, beside the straight double one, that occur in the text.
    """

    records: pl.DataFrame
    layout: str
    marks: str = ""
    notes: tuple[Note, ...] = ()


def part(text: str, delimiter: str, file: str) -> Parted:
    """The records of `text`, whose lines end with line feeds; `delimiter` may be of several marks.

    A line `sep=;` at the top, as Excel writes it, is none.
    """
    layout = name_of(delimiter)
    if (said := _SAID.match(text)) is not None:
        text = text[said.end() :]
    if len(delimiter) > 1:
        text, delimiter = text.replace(delimiter, _STAND_IN), _STAND_IN
    text = _with_doubled_marks(_without_wrapping(text, delimiter), delimiter)
    usual = usual_delimiters(text, delimiter)
    text, apart = part_at_unusual_ends(text, delimiter, usual)
    records = split_records(text, delimiter, None if apart else usual)
    marks = "".join(mark for mark in PAIRS if mark in text) + '"=' * ('"' in text and '""' in text)
    return Parted(records.frame, layout, marks, _doubts(records, apart, file))


def _doubts(records: Records, apart: int, file: str) -> tuple[Note, ...]:
    notes: list[Note] = []
    if apart:
        notes.append(
            Note(
                "{file}: {lines} {lines:line was|lines were} several, with another mark than a "
                "line feed between them, and {lines:is|are} read as such.",
                {"file": file, "lines": apart},
            )
        )
    if records.stray:
        notes.append(
            Note(
                "{file}: {rows} {rows:row has|rows have} a quotation mark out of place, the "
                "first in line {line}; the mark alone is left out.",
                {"file": file, "rows": len(records.stray), "line": records.stray[0]},
            )
        )
    if records.spanning:
        notes.append(
            Note(
                "{file}: {fields} quoted {fields:field holds|fields hold} lines that look like "
                "rows, the first from line {line} on; each is read as the one field it is.",
                {"file": file, "fields": len(records.spanning), "line": records.spanning[0]},
            )
        )
    if records.otherwise:
        notes.append(
            Note(
                "{file}: {rows} {rows:row has|rows have} a delimiter between other quotation "
                "marks than the usual ones, the first in line {line}; it is read as part of the "
                "value.",
                {"file": file, "rows": len(records.otherwise), "line": records.otherwise[0]},
            )
        )
    return tuple(notes)


def frame_of(records: Sequence[Record]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "row": [row for row, _ in records],
            "fields": [[str(field) for field in fields] for _, fields in records],
        },
        schema=RECORD,
    )


def said_delimiter(text: str) -> str | None:
    """The delimiter that the first line says, as Excel writes it: `sep=;`."""
    said = _SAID.match(text)
    return said[1] if said else None


def unusual_delimiters(text: str) -> list[str]:
    """Delimiters of few systems that occur in `text`; the longest first."""
    return [mark for mark in (*_SEVERAL, *_UNUSUAL) if mark in text]


def _without_wrapping(text: str, delimiter: str) -> str:
    """Lines that are one quoted field each, though the file has several, without these marks.

    Spreadsheets write them where the text of a whole row stood in one cell; and Excel writes
    `="01"` for a text that looks like a number.
    """
    if '"' not in text:  # found much faster than two characters
        return text
    if '="' in text:
        mark = re.escape(delimiter)
        text = re.sub(f'(^|{mark})="([^"\n]*)"(?={mark}|$)', r'\1"\2"', text, flags=re.M)
    if not text.lstrip().startswith('"') and '\n"' not in text:
        return text
    if not _wrapped(pl.Series(first_lines(text, 300)), delimiter)[1]:
        return text
    lines = lines_of(text)
    whole, mostly = _wrapped(lines, delimiter)
    if not mostly:
        return text
    bare = lines.str.slice(1).str.head(-1).str.replace_all('""', '"', literal=True)
    return "\n".join(bare.zip_with(whole, lines))


def _wrapped(lines: pl.Series, delimiter: str) -> tuple[pl.Series, bool]:
    """Which lines are one quoted field with a delimiter in it; and whether most are."""
    whole = lines.str.contains('^"(?:[^"]|"")*"$') & lines.str.contains(delimiter, literal=True)
    return whole, 2 * whole.sum() >= (lines.str.strip_chars() != "").sum()


def _with_doubled_marks(text: str, delimiter: str) -> str:
    """A quotation mark within a quoted field doubled, where the file has a backslash before it."""
    if "\\" not in text or '\\"' not in text:
        return text
    lines = pl.Series([line for line in text.split("\n") if '\\"' in line])
    doubled = lines.str.replace_all('\\"', '""', literal=True)
    well_quoted = _patterns(delimiter).well_quoted
    better = doubled.str.contains(well_quoted).sum() > lines.str.contains(well_quoted).sum()
    return text.replace('\\"', '""') if better else text


def likely_delimiters(text: str) -> list[str]:
    """The usual delimiters, the one that splits most lines into the same number of fields first."""
    lines = [line for line in first_lines(text, 200) if line.strip()]

    def steadiness(delimiter: str) -> tuple[int, int]:
        counts = Counter(_outside_quotes(line).count(delimiter) for line in lines)
        counts.pop(0, None)
        fields, times = counts.most_common(1)[0] if counts else (0, 0)
        return times, fields

    return sorted(_NAMES, key=steadiness, reverse=True)


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def usual_delimiters(text: str, delimiter: str) -> int:
    """How many delimiters most of the first records have; the more of equals.

    Records without any do not count, unless there are no others.
    """
    counts: Counter[int] = Counter()
    at, has_others = 0, any(mark in text for mark in PAIRS)
    while at < len(text) and counts.total() < _ENOUGH_TO_COUNT:
        end = min(len(text), at + MOST_CHARACTERS_IN_A_RECORD)
        fields, stop = _record_from(text, at, end, delimiter)
        if fields is None:
            stop = text.find("\n", at)
            stop = len(text) if stop < 0 else stop
            fields = text[at:stop].split(delimiter)
        if has_others and any(mark in text[at:stop] for mark in PAIRS):
            fields = min(fields, _parse_otherwise(text[at:stop], delimiter), key=len)
        counts[len(fields) - 1] += 1
        at = stop + 1
    if len(counts) > 1:
        del counts[0]
    return max(counts, key=lambda count: (counts[count], count)) if counts else 0


def split_records(text: str, delimiter: str, usual: int | None = None) -> Records:
    """The records of `text`, whose lines end with line feeds; `usual` as of `usual_delimiters`.

    A quoted field may hold line breaks, up to MOST_LINES_IN_A_RECORD lines and
    MOST_CHARACTERS_IN_A_RECORD; a stray quotation mark costs its own line nothing but the mark.
    """
    usual = usual_delimiters(text, delimiter) if usual is None else usual
    texts = lines_of(text)
    lines = pl.DataFrame({"row": pl.int_range(1, texts.len() + 1, eager=True), "line": texts})
    marked = lines["line"].str.contains('"', literal=True)
    inner, all_quoted = _all_quoted(lines["line"], delimiter, usual)
    others = lines.filter(marked & ~all_quoted)
    trouble = others.filter(~others["line"].str.contains(_patterns(delimiter).well_quoted))
    alone = _Alone(text, lines, delimiter, usual)
    alone.read(trouble.iter_rows())
    if usual and any(mark in text for mark in PAIRS):
        wide = lines["line"].str.count_matches(delimiter, literal=True) > usual
        alone.read_otherwise(lines.filter(wide & ~marked).iter_rows())
    if alone.taken.any():
        left = pl.Series(~alone.taken)
        lines, marked, all_quoted = lines.filter(left), marked.filter(left), all_quoted.filter(left)
        inner = inner.filter(left)
    plain = lines.filter(~marked).filter(pl.col("line").str.strip_chars(_BLANKS + delimiter) != "")
    parts = [
        plain.select("row", fields=pl.col("line").str.split(delimiter)),
        lines.filter(all_quoted).select(
            "row", fields=inner.filter(all_quoted).str.split(f'"{delimiter}"')
        ),
        *_well_quoted(lines.filter(marked & ~all_quoted), delimiter),
        pl.DataFrame(alone.records, schema=RECORD, orient="row"),
    ]
    parts = [part for part in parts if part.height]
    frame = pl.concat(parts).sort("row") if parts else pl.DataFrame(schema=RECORD)
    return Records(frame, alone.stray, alone.spanning, alone.otherwise)


def _all_quoted(lines: pl.Series, delimiter: str, usual: int) -> tuple[pl.Series, pl.Series]:
    """The lines without their first and last marks; and whether every field of one is quoted.

    Such a line has as many fields as usual, and no mark but those around its fields.
    """
    ends = lines.str.starts_with('"') & lines.str.ends_with('"') & (lines.str.len_bytes() > 1)
    if not ends.any():
        return lines, ends
    inner = lines.str.slice(1).str.head(-1)
    between = inner.str.count_matches(f'"{delimiter}"', literal=True)
    marks = inner.str.count_matches('"', literal=True)
    return inner, ends & (between == usual) & (marks == 2 * usual)


def _well_quoted(lines: pl.DataFrame, delimiter: str) -> Iterable[pl.DataFrame]:
    """The records of lines that are well quoted, each by itself."""
    if lines.is_empty():
        return
    bare = lines["line"].str.replace_all('"[^"]*"', "")
    delimiters = bare.str.count_matches(delimiter, literal=True)
    # Only where no blank stands between a mark and a delimiter does Polars read what is meant.
    tight = ~lines["line"].str.contains(_patterns(delimiter).loosely_quoted)
    counted = Counter(delimiters.filter(tight).to_list())
    most = max(counted, key=counted.__getitem__, default=0)
    at_once = tight & (delimiters == most)
    together = lines.filter(at_once)
    if together.height and most and delimiter.isascii():
        parsed = pl.read_csv(
            "\n".join(together["line"]).encode(),
            separator=delimiter,
            has_header=False,
            infer_schema=False,
        )
        if parsed.shape == (together.height, most + 1):
            yield together.select(
                "row", parsed.select(fields=pl.concat_list(pl.all().fill_null("")))["fields"]
            )
            lines = lines.filter(~at_once)
    records = [(row, _parse(line, delimiter)) for row, line in lines.iter_rows()]
    yield pl.DataFrame(records, schema=RECORD, orient="row")


class _Alone:
    """Reads the lines that cannot be read together, and notes which lines it took."""

    def __init__(self, text: str, lines: pl.DataFrame, delimiter: str, usual: int) -> None:
        self.taken = np.zeros(lines.height, dtype=bool)
        self.records: list[Record] = []
        self.stray: list[int] = []
        self.spanning: list[int] = []
        self.otherwise: list[int] = []
        self._text, self._lines = text, lines["line"]
        self._delimiter, self._usual = delimiter, usual
        self._room = _ROOM * len(text)

    def read(self, trouble: Iterable[tuple[int, str]]) -> None:
        """Lines whose marks are not in order by themselves: records of several lines, or stray."""
        starts = np.zeros(0, dtype=np.int64)
        for row, line in trouble:
            if self.taken[row - 1]:
                continue
            if not starts.size:
                lengths = self._lines.str.len_chars().to_numpy().astype(np.int64) + 1
                starts = np.concatenate([[0], np.cumsum(lengths)])
            fields, end = self._spanning(row, int(starts[row - 1]))
            if not fields:
                fields, end = _parse_stray(line, self._delimiter, self._usual), row
                self.stray.append(row)
            self.taken[row - 1 : end] = True
            self.records.append((row, fields))

    def _spanning(self, row: int, start: int) -> tuple[list[str], int]:
        """The fields of the record from line `row` to a later one, if there is one, and that."""
        if self._room < 0:
            return [], row
        end = min(len(self._text), start + MOST_CHARACTERS_IN_A_RECORD)
        fields, stop = _record_from(self._text, start, end, self._delimiter)
        if fields is None:
            self._room -= stop - start
            return [], row
        last = row + self._text.count("\n", start, stop)
        if last - row >= MOST_LINES_IN_A_RECORD:
            return [], row
        if any(self._are_rows(field, at) for at, field in enumerate(fields)):
            return [], row
        within = max((field.count(self._delimiter) for field in fields if "\n" in field), default=0)
        if within >= max(self._usual, 1):
            if len(fields) != self._usual + 1:
                return [], row
            self.spanning.append(row)
        return fields, last

    def _are_rows(self, field: str, at: int) -> bool:
        """Is a quoted field but whole rows between two stray marks, both in the column `at`?

        In the last column that is told from a note that ends with a row by nothing.
        """
        counts = [part.count(self._delimiter) for part in field.split("\n")]
        ends = [self._usual - at, at]
        between = counts[1:-1]
        return (
            at < self._usual
            and len(counts) > 1
            and [counts[0], counts[-1]] == ends
            and all(count == self._usual for count in between)
        )

    def read_otherwise(self, wide: Iterable[tuple[int, str]]) -> None:
        """Lines with more delimiters than usual, some of them between other quotation marks."""
        for row, line in wide:
            if self.taken[row - 1] or not any(mark in line for mark in PAIRS):
                continue
            fields = _parse_otherwise(line, self._delimiter)
            if len(fields) == self._usual + 1:
                self.taken[row - 1] = True
                self.records.append((row, fields))
                self.otherwise.append(row)


def _record_from(text: str, start: int, end: int, delimiter: str) -> tuple[list[str] | None, int]:
    """The fields of the well quoted record at `start`, and where it ends; or None, and where not.

    `end`: where to stop searching.
    """
    patterns, fields, at = _patterns(delimiter), list[str](), start
    while True:
        opened = patterns.opened.match(text, at, end)
        if opened is None:
            found = patterns.plain.match(text, at, end)
            assert found is not None  # an empty field at least
            fields.append(found[0])
            at = found.end()
        else:
            closed = patterns.closed.match(text, opened.end(), end)
            if closed is None:
                return None, end
            fields.append(closed[1].replace('""', '"'))
            at = closed.end()
        if at == len(text) or text[at] == "\n":
            return fields, at
        if text[at] != delimiter:
            return None, at
        at += 1


def _parse(line: str, delimiter: str) -> list[str]:
    """The fields of a line that is well quoted."""
    fields, _ = _record_from(line, 0, len(line), delimiter)
    assert fields is not None
    return fields


def _parse_stray(line: str, delimiter: str, usual: int) -> list[str]:
    """The fields of a line with a mark out of place.

    If that gives the usual number of fields, one that begins and ends with a mark is quoted.
    """
    plain = [field.strip().strip('"') for field in line.split(delimiter)]
    if len(plain) == usual + 1:
        return plain
    found = _patterns(delimiter).lenient.findall(line + delimiter)
    fields = [quoted.replace('""', '"') or other.strip().strip('"') for quoted, other in found]
    return fields if len(fields) == usual + 1 else plain


def _parse_otherwise(line: str, delimiter: str) -> list[str]:
    """The fields of a line in which other quotation marks enclose some."""
    mark = re.escape(delimiter)
    enclosed = "|".join(
        rf"{re.escape(opening)}[^{re.escape(closing)}]*[{re.escape(closing)}]"
        for opening, closing in PAIRS.items()
    )
    return re.findall(rf"\s*((?:{enclosed})(?=\s*{mark})|[^{mark}]*)\s*{mark}", line + delimiter)


@dataclass(frozen=True)
class _Patterns:
    """`well_quoted`, `loosely_quoted`: for Polars, of a whole line. The others are of a field."""

    well_quoted: str
    loosely_quoted: str
    opened: re.Pattern[str]
    closed: re.Pattern[str]
    plain: re.Pattern[str]
    lenient: re.Pattern[str]


@cache
def _patterns(delimiter: str) -> _Patterns:
    mark = re.escape(delimiter)
    blanks = f"[{_BLANKS.replace(delimiter, '')}]*"
    field = f'(?:{blanks}"(?:[^"]|"")*"{blanks}|[^"{mark}]*)'
    body = '((?:[^"]++|"")*+)"'
    return _Patterns(
        f"^(?:{field}{mark})*{field}$",
        f'"{blanks[:-1]}+(?:{mark}|$)|(?:{mark}|^){blanks[:-1]}+"',
        re.compile(f'{blanks}"'),
        re.compile(f"{body}{blanks}"),
        re.compile(f'[^"{mark}\n]*+'),
        re.compile(f'{blanks}"((?:[^"]|"(?!{blanks}{mark}))*)"{blanks}{mark}|([^{mark}]*){mark}'),
    )
