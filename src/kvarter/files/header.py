"""Records -> columns with names: find the header, and set aside what is not a row of data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kvarter.errors import InputError
from kvarter.files.delimited import PAIRS, Parted, Record
from kvarter.files.names import clean_name, fold_name, numbered
from kvarter.notes import Note
from kvarter.privacy import without_person_numbers

HEADER_WITHIN = 30
"""The header is one of so many topmost records."""

_SUM_WORDS = (
    "(?:i alt|ialt|sum|summer|total|totalt|totaler|grand total|samlet|subtotal|delsum|mellemsum"
    "|hovedtotal|(?:samlet )?antal(?: rækker| poster| sager)?|rækker i alt)"
)
_SUM_ALONE = rf"(?i)^{_SUM_WORDS}[\W\d]*$|(?i)^\(?\d[\d.,]* (?:rows?|rækker|poster|sager)\b"
_SUM_FIRST = rf"(?i)^{_SUM_WORDS}\b"
_RULE = r"^[-=_+|*\s]*[-=_]{2}[-=_+|*\s]*$"


@dataclass(frozen=True)
class Header:
    """`at`: where the header stands among the records; `names`: as written, a blank for none.

    `rows`: how many rows it takes, 2 where merged cells stand over the names.
    """

    at: int
    names: list[str]
    rows: int = 1


@dataclass(frozen=True)
class Laid:
    """`rows`: `row`, `at` (the place among the records) and a text column for each of `names`.

    `set_aside`: `row` and `reason` of records that are no rows of data. `sections`: for the
    records from a place on, the number of the field in which the value of each name stands.
    """

    names: list[str]
    rows: pl.DataFrame
    set_aside: pl.DataFrame
    header_line: int
    notes: tuple[Note, ...]
    sections: list[tuple[int, dict[str, int]]]

    def under(self, name: str, records: Sequence[Record]) -> list[str]:
        """What stands under `name` in each row, of the `records` that were laid out."""
        found = []
        ends = [*(first for first, _ in self.sections[1:]), len(records)]
        for (first, places), end in zip(self.sections, ends, strict=False):
            for at in self.rows["at"].filter(self.rows["at"].is_between(first, end, "left")):
                fields, place = records[at][1], places.get(name, -1)
                found.append(fields[place] if 0 <= place < len(fields) else "")
        return found


def find_header(top: Sequence[Record], wanted: Mapping[str, str]) -> Header:
    """The first row that has most of what is wanted, also when two merged rows have it together.

    Of a row that has as much and half as many names as another it is a title. Where nothing that
    is wanted is found, the row with most in it.
    """
    found: list[tuple[int, int, Header]] = []
    for at, (_, fields) in enumerate(top[:HEADER_WITHIN]):
        above = top[at - 1][1] if at else []
        filled = sum(bool(field.strip()) for field in fields)
        found.append((hits(fields, wanted), filled, Header(at, [*map(clean_name, fields)])))
        if any(field.strip() for field in above):
            both = _merged(above, fields)
            found.append((hits(both, wanted), filled, Header(at, both, 2)))
    most = max((hit for hit, _, _ in found), default=0)
    found = [each for each in found if each[0] == most]
    fullest = max((filled for _, filled, _ in found), default=0)
    enough = (fullest + 1) // 2 if most else fullest
    return next((each for _, filled, each in found if filled >= enough), Header(0, [""]))


def _merged(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Two header rows as one: a merged cell's title stands over all columns until the next."""
    names, title = [], ""
    for at, name in enumerate(below):
        title = (above[at].strip() if at < len(above) else "") or title
        names.append(clean_name(f"{title} {name}"))
    return names


def hits(names: Sequence[str], wanted: Mapping[str, str]) -> int:
    """How many of the `wanted` columns are among `names`."""
    folded = {fold_name(name) for name in names}
    return sum(fold_name(_bare(column)) in folded for column in wanted.values())


_DATA = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|(?<!\d)\d{4} +[A-ZÆØÅ]|\d[\d., ]*$")


def looks_like_data(names: Sequence[str]) -> bool:
    """Does one of the names hold a date, a postcode or a person number, or nothing but a number?

    A year is a name: `Antal 2023`, `2023`.
    """
    return any(
        without_person_numbers(name) != name
        or (_DATA.match(name) is not None and not re.fullmatch(r"(?:19|20)\d\d", name))
        or re.search(r"\d, .*\d{4} +[A-ZÆØÅ]", name) is not None
        for name in names
    )


def _bare(name: str) -> str:
    """A name without the number of its column, which tells it from others of the name."""
    return re.sub(r" ?\(column \d+\)$", "", name)


Require = Callable[[Sequence[str]], Mapping[str, str]]
"""Which of some names each wanted column is; raises InputError where one is missing or in doubt."""

_ASIDE = pl.Schema({"row": pl.Int64, "reason": pl.String})
_OWN = ("row", "at", "short")
_LONGEST_PATTERN = 10_000
"""Of many thousand names no pattern can be made."""


def lay_out(
    path: Path, parted: Parted, wanted: Mapping[str, str], header: Header, require: Require
) -> Laid:
    """The rows of the records of a file below `header`, under its names.

    Raises what `require` does; and InputError where every row is longer than the header.
    """
    records = parted.records.with_row_index("at").cast({"at": pl.Int64})
    below = records.slice(header.at + 1)
    notes: list[Note] = []
    names = _with_index_column(header.names, below, path.name, notes)
    found = require(distinct_names(names))
    below = _put_together(below, len(names), path.name, notes)
    _see_some_fit(path, below, len(names))
    asides = [_rows_above(records.slice(0, header.at + 1 - header.rows), below, names)]
    parts: list[pl.DataFrame] = []
    sections: list[tuple[int, dict[str, int]]] = []
    repeated, own_sections = _sections(below, names, wanted, path.name, notes)
    asides.append(repeated)
    for rows, own in own_sections:
        if own is None:
            asides.append(rows.select("row", reason=pl.lit("under_another_header")))
            continue
        places = _places(own, names, require)
        part, aside = _columns(rows, own, places, list(found.values()))
        if rows.height:
            sections.append((rows["at"][0], places))
        parts.append(part)
        asides.append(aside)
    rows = pl.concat(parts, how="diagonal").with_columns(pl.col(pl.String).fill_null(""))
    _note_short_rows(rows, path.name, notes)
    columns = [
        name
        for name in rows.columns
        if name not in _OWN
        and not (name.startswith("(column ") and name not in found.values() and _blank(rows[name]))
    ]
    rows = rows.select("row", "at", *columns)
    if parted.marks:
        rows = _without_marks(rows, columns, parted.marks, path.name, notes)
    aside = pl.concat([part.cast(_ASIDE) for part in asides]).sort("row")
    return Laid(columns, rows, aside, records["row"][header.at], tuple(notes), sections)


def distinct_names(names: Sequence[str]) -> list[str]:
    """Names told from each other, where one is blank or stands twice, by the numbers of columns."""
    times = Counter([*names, "", "", *_OWN])
    return [
        numbered(name, place) if times[name] > 1 else name
        for place, name in enumerate(names, start=1)
    ]


def _blank(values: pl.Series) -> bool:
    return bool((values == "").all())


def _with_index_column(
    names: list[str], below: pl.DataFrame, file: str, notes: list[Note]
) -> list[str]:
    """The names, with a blank one before them where each row begins with its number besides."""
    fields = below["fields"]
    if below.height < 2 or not (fields.list.len() == len(names) + 1).all():
        return names
    numbers = fields.list.first().str.strip_chars().cast(pl.Int64, strict=False)
    steady = numbers.null_count() == 0 and (numbers.diff().drop_nulls() == 1).all()
    last = fields.list.last().str.strip_chars() != ""
    # A blank after a delimiter: more likely the value has one in it, as an address has a comma.
    in_a_value = fields.list.eval(pl.element().str.starts_with(" ")).list.any()
    if not steady or numbers[0] not in (0, 1) or 2 * last.sum() < len(last) or in_a_value.all():
        return names
    if re.search("(?:nr|no|id|nummer|index|række|#)$", fold_name(names[0])):
        return names
    notes.append(
        Note(
            "{file}: the rows have one field more than the header and begin with their numbers; "
            "the names are read as those of the columns after that.",
            {"file": file},
        )
    )
    return ["", *names]


def _put_together(below: pl.DataFrame, width: int, file: str, notes: list[Note]) -> pl.DataFrame:
    """Rows that a line break in a field without quotation marks broke, as they were.

    That is neighbours with too few fields that have the right number together, of which only the
    first begins as the other rows do.
    """
    fits = pl.col("fields").list.len() >= width
    short = below.filter(~fits).select("at", "row", "fields").rows()
    if width < 3 or len(short) < 2 or 2 * len(short) > below.height:
        return below
    firsts = below.filter(fits)["fields"].list.first().head(10_000).unique()
    begins = {_shape(text) for text in firsts}
    mended: list[tuple[int, int, list[str]]] = []
    gone: list[int] = []
    start = 0
    while start < len(short):
        at, row, fields = short[start]
        end = start + 1
        while end < len(short) and len(fields) < width and short[end][0] == at + end - start:
            more = short[end][2]
            if _shape(more[0]) in begins:
                break
            fields = [*fields[:-1], f"{fields[-1]}\n{more[0]}", *more[1:]]
            end += 1
        if len(fields) == width and _shape(fields[0].split("\n")[0]) in begins:
            mended.append((at, row, fields))
            gone += [place for place, _, _ in short[start:end]]
            start = end
        else:
            start += 1
    if not mended:
        return below
    notes.append(
        Note(
            "{file}: {rows} {rows:row was|rows were} broken by a line break in a field, the "
            "first in line {line}, and {rows:is|are} put together again.",
            {"file": file, "rows": len(mended), "line": mended[0][1]},
        )
    )
    whole = pl.DataFrame(mended, schema=below.schema, orient="row")
    return pl.concat([below.filter(~pl.col("at").is_in(gone)), whole]).sort("at")


def _shape(text: str) -> str:
    """What a value looks like: `03-01-2023` is `9-9-9`."""
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "a", text.strip()))


def _see_some_fit(path: Path, below: pl.DataFrame, width: int) -> None:
    if below.height < 2 or not (below["fields"].list.len() > width).all():
        return
    beyond = below["fields"].list.slice(width).list.join("").str.strip_chars() != ""
    if beyond.all():
        usual = Counter(below["fields"].list.len()).most_common(1)[0][0]
        raise InputError.of(
            f"every row has more fields than the header: most have {usual}, and it has {width}",
            "Give each column a name; where the delimiter stands in values too, such as a "
            "decimal comma, export with another delimiter or with quotation marks.",
            path,
        )


def _rows_above(above: pl.DataFrame, below: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """What stands above the header and looks like rows of data: most values as those below it."""
    shapes: dict[int, set[str]] = {}
    for fields in below["fields"].head(200):
        for place, text in enumerate(fields):
            shapes.setdefault(place, set()).add(_shape(text))
    named = sum(bool(name) for name in names)
    found = []
    for row, fields in above.select("row", "fields").iter_rows():
        filled = {place: text for place, text in enumerate(fields) if text.strip()}
        alike = [_shape(text) in shapes.get(place, ()) for place, text in filled.items()]
        has_digits = any(re.search(r"\d", text) for text in filled.values())
        if has_digits and 2 * len(filled) > named and 2 * sum(alike) > len(alike):
            found.append((row, "above_the_header"))
    return pl.DataFrame(found, schema=_ASIDE, orient="row")


def _sections(
    below: pl.DataFrame,
    names: list[str],
    wanted: Mapping[str, str],
    file: str,
    notes: list[Note],
) -> tuple[pl.DataFrame, list[tuple[pl.DataFrame, list[str] | None]]]:
    """Headers that come again, and the rows between them with the names they stand under.

    Extracts pasted below each other have one each; those of a page are the same again. None for
    the names: another header, which lacks a column that is wanted.
    """
    own: list[str] | None = names
    headers: list[tuple[int, str]] = []
    cuts: list[tuple[int, list[str] | None]] = [(0, names)]
    for place, row, fields in _like_headers(below, names):
        again = [clean_name(field) for field in fields]
        all_there = hits(again, wanted) == len(wanted)
        surely = all_there and len(wanted) > 1  # one may stand as a value
        if not surely and len(_alike(again, names)) < min(2, len(names)):
            continue
        headers.append((row, "repeated_header"))
        if own is not None and [*map(fold_name, _filled(again))] == [*map(fold_name, _filled(own))]:
            continue
        own = again if all_there else None
        cuts.append((place, own))
        if all_there:
            note = Note(
                "{file}: another header stands among the rows, in line {line}; the rows below it "
                "are read by its names.",
                {"file": file, "line": row},
            )
        else:
            note = Note(
                "{file}: another header stands among the rows, in line {line}, without all columns "
                "that are needed; the rows below it are set aside.",
                {"file": file, "line": row},
            )
        notes.append(note)
    repeated = pl.DataFrame(headers, schema=_ASIDE, orient="row")
    if headers:
        below = below.with_columns(gone=pl.col("row").is_in(repeated["row"].implode()))
    ends = [*(place for place, _ in cuts[1:]), below.height]
    parts = [(below.slice(at, end - at), own) for (at, own), end in zip(cuts, ends, strict=True)]
    if headers:
        parts = [(rows.filter(~pl.col("gone")).drop("gone"), own) for rows, own in parts]
    return repeated, parts


def _filled(names: Sequence[str]) -> list[str]:
    """Names without the blank ones at the end."""
    last = max((at for at, name in enumerate(names) if name), default=-1)
    return list(names[: last + 1])


def _alike(again: Sequence[str], names: Sequence[str]) -> list[str]:
    """Those of `again` that are among `names`, where more than half of what is filled is."""
    folded = {fold_name(name) for name in names if name}
    found = [name for name in again if name and fold_name(name) in folded]
    return found if 2 * len(found) > sum(bool(name) for name in again) else []


def _like_headers(below: pl.DataFrame, names: Sequence[str]) -> list[tuple[int, int, list[str]]]:
    """Place, row and fields of each record in which two names of the header stand as values."""
    words = [re.split(r"[\W_]+", name.lower().strip(" .:")) for name in names if name]
    spelled = {mark.join(parts) for parts in words for mark in ("", " ", "-", "_", ".")}
    if not words:
        return []
    known = pl.Series([*spelled, *(name.lower() for name in names if name)], dtype=pl.String)
    places = below.with_row_index("place")
    # Few records have a field that is like a name at all, and these are found faster.
    alike = "|".join(pl.escape_regex(name) for name in [*known, *filter(None, names)])
    if len(alike) < _LONGEST_PATTERN:
        like_one = pl.element().str.contains(rf"(?i)^\s*(?:{alike})\s*$")
        places = places.filter(pl.col("fields").list.eval(like_one).list.any())
    plain = pl.element().str.strip_chars().str.to_lowercase()
    stand = places["fields"].list.eval(plain.is_in(known.implode()).cast(pl.UInt8)).list.sum()
    places = places.filter(stand >= min(2, len(words)))
    return places.select("place", "row", "fields").rows()


def _places(own: list[str], names: list[str], require: Require) -> dict[str, int]:
    """In which field of the rows under the names `own` the value of each column stands.

    Columns are called as in `names`, the first header of the file, where they are there.
    """
    mine, first = distinct_names(own), distinct_names(names)
    if own == names:
        return {name: place for place, name in enumerate(mine)}
    called = dict(zip(require(mine).values(), require(first).values(), strict=True))
    by_fold = {fold_name(name): name for name in reversed(first)}
    taken = set(called.values())
    for name in mine:
        alike = by_fold.get(fold_name(name), name)
        if name not in called:
            called[name] = alike if alike not in taken else name
            taken.add(called[name])
    return {called[name]: place for place, name in enumerate(mine)}


def _columns(
    rows: pl.DataFrame, own: list[str], places: Mapping[str, int], wanted: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Each column as text; and what is no row of data, with its reason."""
    fields = pl.col("fields")
    frame = rows.select(
        "row",
        "at",
        (fields.list.len() < len(_filled(own))).alias("short"),
        *(
            fields.list.get(place, null_on_oob=True).fill_null("").str.strip_chars().alias(name)
            for name, place in places.items()
        ),
    )
    texts = pl.col(list(places))
    reason = pl.Series("reason", [None] * frame.height, dtype=pl.String)
    if (rows["fields"].list.len() > len(own)).any():
        beyond = rows["fields"].list.slice(len(own)).list.join("").str.strip_chars() != ""
        reason = reason.zip_with(
            ~beyond, pl.repeat("more_fields_than_columns", frame.height, eager=True)
        )
    blanks = pl.sum_horizontal(
        pl.lit(0, pl.Int32), *((pl.col(name) == "").cast(pl.Int32) for name in wanted)
    )
    ruled = [pl.col(name).str.contains(_RULE) for name in wanted[:1]]
    doubtful = frame.with_row_index("place").filter(
        pl.lit(reason.is_null()) & ((blanks > 0) | pl.any_horizontal(pl.lit(not wanted), *ruled))
    )
    if doubtful.height:
        first = pl.coalesce(pl.when(texts != "").then(texts))
        decided = doubtful.select(
            "place",
            pl.when(first.is_null())
            .then(pl.lit("blank"))
            .when(pl.all_horizontal((texts == "") | texts.str.contains(_RULE)))
            .then(pl.lit("ruled_line"))
            .when(
                first.str.contains(_SUM_ALONE)
                | (first.str.contains(_SUM_FIRST) & (2 * blanks >= len(wanted)))
            )
            .then(pl.lit("sum_row"))
            .alias("reason"),
        ).drop_nulls()
        reason = reason.scatter(decided["place"], decided["reason"])
    frame = frame.with_columns(reason)
    aside = frame.filter(pl.col("reason") != "blank").select("row", "reason")
    return frame.filter(pl.col("reason").is_null()).drop("reason"), aside


def _note_short_rows(rows: pl.DataFrame, file: str, notes: list[Note]) -> None:
    short = rows.filter("short")["row"]
    if len(short):
        notes.append(
            Note(
                "{file}: {rows} {rows:row has|rows have} fewer fields than the header, the "
                "first in line {line}; what {rows:it lacks|they lack} is read as blank.",
                {"file": file, "rows": len(short), "line": short[0]},
            )
        )


def _without_marks(
    rows: pl.DataFrame, columns: list[str], marks: str, file: str, notes: list[Note]
) -> pl.DataFrame:
    """The rows, with values that stand between other quotation marks without these."""
    changed, used = 0, ""
    for opening in marks:
        closing = PAIRS.get(opening, '"')
        before = '="' if opening == "=" else opening  # as Excel writes a text of digits
        within = f"(?s)^{before}([^{closing}]+)[{closing}]$"
        for name in columns:
            stands = rows[name].str.contains(within)
            if stands.any():
                changed += int(stands.sum())
                used += opening if opening not in used else ""
                rows = rows.with_columns(pl.col(name).str.replace(within, "$1"))
    if changed:
        notes.append(
            Note(
                "{file}: {fields} {fields:value stands|values stand} between {mark}; these "
                "marks are left out.",
                {"file": file, "fields": changed, "mark": used},
            )
        )
    return rows
