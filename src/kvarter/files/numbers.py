"""Columns of numbers: one convention for the whole column, and no number guessed.

`1.401` and `1,000` can each be read in two ways that differ a thousandfold. Every other way to
write a number has one reading, and such values in the same column, or in the same file, settle how
its marks are meant. Where nothing does, the file is refused until the policy says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

import polars as pl

from kvarter.errors import InputError
from kvarter.files.column import Column
from kvarter.files.values import by_distinct, unwrapped
from kvarter.notes import Note

_LARGEST = 1e15
"""No count, area or sum of money is larger; and above it a Float64 is not exact to the unit."""

_EXPONENT = r"(?:[eE][+-]?\d{1,3})?"
_PLAIN = r"^[+-]?\d+(?:[eE][+-]?\d{1,3})?$"
_IN_DOUBT = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"
# By their own form: groups of three, a mark that no group follows, or both marks.
_DECIMAL = {
    ",": rf"^[+-]?(?:\d{{1,3}}(?:\.\d{{3}})+,\d+|\d{{1,3}}(?:\.\d{{3}}){{2,}}|\d*,\d+){_EXPONENT}$",
    ".": rf"^[+-]?(?:\d{{1,3}}(?:,\d{{3}})+\.\d+|\d{{1,3}}(?:,\d{{3}}){{2,}}|\d*\.\d+){_EXPONENT}$",
}
_UNIT = re.compile(r"\s*(?:%|pct\.?|procent|kr\.?|dkk)\s*$", re.I)
_PERCENT = r"(?i)(?:%|pct\.?|procent)\s*$"
_CURRENCY = re.compile(r"^(?:kr\.?|dkk)\s*", re.I)
_GROUPED = re.compile(r"([+-]?\d{1,3})((?:[ '\u2019]\d{3})+)([.,]\d+)?")


@dataclass(frozen=True)
class Numbers:
    """`values`: Float64, null where there is none; `unreadable`: a text is there, and no number.

    `notes`: what was decided for the column, and could have been otherwise.
    """

    values: pl.Series
    unreadable: pl.Series
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Marks:
    """What settles which mark is the decimal one, where a column leaves it open.

    decimal: the mark that the policy says.
    beside: other columns of the file, whose numbers show how it writes them.
    possible: which numbers can be meant at all; a reading is none if one of its values is not.
    """

    decimal: str | None = None
    beside: Collection[Column] = ()
    possible: Callable[[pl.Series], pl.Series] | None = None


_BY_ITSELF = Marks()


def read_numbers(
    column: Column, marks: Marks = _BY_ITSELF, *, field: str = "", label: str = ""
) -> Numbers:
    """The numbers of a column. A cell that is stored as a number is that number.

    A cell that shows a percentage is the percentage it shows: 11 for 11 %, stored as 0.11.
    `field`: what of the policy names the column, in errors; `label`: what notes call it, where that
    is another.

    Raises InputError where the values can be read in two ways and nothing settles which, and for
    a number that is infinite or larger than anything that is counted.
    """
    texts = _tidied(column)
    label = label or field
    decimal, notes = _convention(column, texts, marks, field, label)
    values = _parsed(texts, decimal)
    if column.number is not None:
        number = column.number
        if column.percent is not None and column.percent.any():
            # Rounded, since 0.07 * 100 is not quite 7.
            number = pl.select(
                pl.when(column.percent).then((number * 100).round(10)).otherwise(number)
            ).to_series()
            notes = (*notes, _percent_note(column, label))
        values = pl.select(pl.when(number.is_not_null()).then(number).otherwise(values)).to_series()
    _refuse_impossible(column, values, field)
    values = values.alias(column.name)
    notes = (*notes, *_notes_on_shares(column, values, label))
    return Numbers(values, ~column.is_blank & values.is_null(), notes)


def _notes_on_shares(column: Column, values: pl.Series, label: str) -> list[Note]:
    """What may be shares beside percentages: 0.11 where others are 12 %."""
    is_percent = column.text.str.contains(_PERCENT)
    if not is_percent.any():
        return []
    shown, plain = (values.filter(each).drop_nulls().abs() for each in (is_percent, ~is_percent))
    small = plain.filter((plain > 0) & (plain <= 1))
    if not len(small) or not (len(small) == (plain > 0).sum() or (shown > 1).all()):
        return []
    note = Note(
        "{column}: {rows} {rows:value up to 1 stands without a percent sign beside others that "
        "have one, and is read as it stands|values up to 1 stand without a percent sign beside "
        "others that have one, and are read as they stand}: 0.11 is 0.11 %. If they are shares, "
        "0.11 is 11 %: write them as percentages too.",
        {"column": label or column.name, "rows": len(small)},
    )
    return [note]


def _tidied(column: Column) -> pl.Series:
    """The texts without blanks and units, and null where a cell is stored as a number."""
    texts = column.text.str.strip_chars()
    if column.number is not None:
        texts = pl.select(
            pl.when(column.number.is_null()).then(texts).otherwise(pl.lit(""))
        ).to_series()
    odd = ~texts.str.contains(r"^(?:[+-]?[0-9.,]*[0-9])?$")
    if not odd.any():
        return texts
    tidy = by_distinct(texts.filter(odd), _tidy, pl.String())
    return texts.scatter(odd.arg_true(), tidy)


def _tidy(text: str) -> str:
    plain = unwrapped(text).rstrip("*").strip().replace("\u2212", "-").replace("\u2013", "-")
    plain = _CURRENCY.sub("", _UNIT.sub("", plain))
    plain = re.sub(r",-+$", ",00", plain)
    plain = re.sub(r"^([+-])\s+(?=\d)", r"\1", plain)
    plain = re.sub(r"(?<=\d)[.,]$", "", plain)
    if grouped := _GROUPED.fullmatch(plain):
        return grouped[1] + re.sub(r"\D", "", grouped[2]) + (grouped[3] or "")
    return plain


def decimal_marks(column: Column) -> set[str]:
    """The decimal marks that the column's values show by their own form."""
    return _marks(_tidied(column))


def _marks(texts: pl.Series) -> set[str]:
    sure = texts.filter(~texts.str.contains(_IN_DOUBT))
    return {mark for mark, form in _DECIMAL.items() if sure.str.contains(form).any()}


def _convention(
    column: Column, texts: pl.Series, marks: Marks, field: str, label: str
) -> tuple[str | None, tuple[Note, ...]]:
    """The decimal mark that values in doubt are read by; None where there are none."""
    doubtful = texts.str.contains(_IN_DOUBT)
    if not doubtful.any() or marks.decimal:
        return marks.decimal, ()
    shown = _marks(texts)
    at = int(doubtful.arg_true()[0])
    # The form alone: what stands in the file may be no one else's to know.
    form = "1,000" if "," in texts[at] else "1.000"
    common: dict[str, str | int] = {
        "column": label or column.name,
        "rows": int(doubtful.sum()),
        "form": form,
    }
    if len(shown) == 1:
        (mark,) = shown
        note = Note(
            "{column}: {rows} {rows:number of the form {form} is|numbers of the form {form} "
            "are} read with {mark} as the decimal mark, as other numbers of the column have it.",
            {**common, "mark": mark},
        )
        return mark, (note,)
    beside = () if shown else marks.beside
    elsewhere = {mark for other in beside for mark in decimal_marks(other)}
    if len(elsewhere) == 1:
        (mark,) = elsewhere
        note = Note(
            "{column}: {rows} {rows:number of the form {form} is|numbers of the form {form} "
            "are} read with {mark} as the decimal mark, as other columns of the file have it.",
            {**common, "mark": mark},
        )
        return mark, (note,)
    if marks.possible is not None:
        in_doubt = texts.filter(doubtful)
        fit = {mark: int(marks.possible(_parsed(in_doubt, mark)).sum()) for mark in _DECIMAL}
        if not any(fit.values()):
            return ".", ()  # wrong either way, which is the caller's to say
        all_fit = [mark for mark, number in fit.items() if number == len(in_doubt)]
        if len(all_fit) == 1:
            note = Note(
                "{column}: {rows} {rows:number of the form {form} is|numbers of the form {form} "
                "are} read with {mark} as the decimal mark, since {rows:it is|they are} "
                "impossible otherwise.",
                {**common, "mark": all_fit[0]},
            )
            return all_fit[0], (note,)
    file, line = column.places.at(at)
    as_comma, as_point = (_parsed(texts[at : at + 1], mark)[0] for mark in _DECIMAL)
    nothing = "the column has both" if shown else "nothing in the file tells which"
    raise InputError.of(
        f"{doubtful.sum()} value(s) such as {texts[at]} can be read in two ways: as "
        f"{as_comma:g} with a decimal comma and as {as_point:g} with a decimal point, and "
        f"{nothing}",
        'Say which it is in the policy, with `decimal: ","` or `decimal: "."`, or export '
        "the file without marks in its numbers.",
        file,
        line,
        field or column.name,
    )


def _parsed(texts: pl.Series, decimal: str | None) -> pl.Series:
    """The texts as numbers: by their own form, and by `decimal` where that leaves it open."""
    text = pl.col("text")
    in_doubt = text.str.contains(_IN_DOUBT)
    is_comma = text.str.contains(_DECIMAL[","]) & ~in_doubt | in_doubt & pl.lit(decimal == ",")
    is_point = text.str.contains(_DECIMAL["."]) & ~in_doubt | in_doubt & pl.lit(decimal == ".")
    with_point = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    plain = (
        pl.when(is_comma)
        .then(with_point)
        .when(is_point)
        .then(text.str.replace_all(",", "", literal=True))
        .when(text.str.contains(_PLAIN))
        .then(text)
    )
    return pl.DataFrame({"text": texts}).select(plain.cast(pl.Float64, strict=False)).to_series()


def _percent_note(column: Column, field: str) -> Note:
    assert column.percent is not None
    return Note(
        "{column}: {rows} {rows:cell shows a percentage and is read as what it shows|cells show "
        "a percentage and are read as what they show}: a cell of 11 % is 11, though 0.11 is "
        "stored.",
        {"column": field or column.name, "rows": int(column.percent.sum())},
    )


def _refuse_impossible(column: Column, values: pl.Series, field: str) -> None:
    impossible = (~values.is_finite() | (values.abs() > _LARGEST)).fill_null(False)
    if impossible.any():
        at = int(impossible.arg_true()[0])
        file, line = column.places.at(at)
        raise InputError.of(
            f"{impossible.sum()} value(s) are no number of anything; the first is {values[at]:g}",
            "Mend it at the source, or leave the cell blank.",
            file,
            line,
            field or column.name,
        )


# Words that say something of a figure; `2023 januar` and `2023K1` are no years, but parts of one.
_REMARK = (
    r"(?:foreløbige?t?|forel|endelige?t?|revideret|rev|prognose|skøn|estimat|provisional|"
    r"preliminary|final|[prefs])\.?"
)
_YEAR = re.compile(
    r"(?:(?:år|aar|året|year)\s*)?\(?((?:19|20)\d\d)(?:[.,]0+)?\s*(?:år)?"
    rf"(?P<mark>(?:\*+|[¹²³⁴]|\(?\d\)|\({_REMARK}\)|{_REMARK}|\)|\s)*)",
    re.I,
)
_GROUPED_YEAR = re.compile(r"([12])[.,](\d{3})")


def read_years(column: Column, field: str = "") -> Numbers:
    """The years of a column (Int64): `2023`, also with a mark as `2023*` or `2023 (foreløbig)`.

    A cell that is stored as a date is of its year. Two years, as in 2023/24, are none.
    """
    texts = column.text.str.strip_chars()
    if column.time is not None:
        of_time = column.time.dt.year().cast(pl.String)
        texts = pl.select(
            pl.when(column.time.is_not_null()).then(of_time).otherwise(texts)
        ).to_series()
    values = by_distinct(texts, _year, pl.Int64()).alias(column.name)
    marked = by_distinct(texts, _is_marked, pl.Boolean()).fill_null(False)
    notes: tuple[Note, ...] = ()
    if marked.any():
        notes = (
            Note(
                "{column}: {rows} {rows:year carries|years carry} a mark, such as 2023*, and "
                "{rows:is|are} read as that year.",
                {"column": field or column.name, "rows": int(marked.sum())},
            ),
        )
    return Numbers(values, ~column.is_blank & values.is_null(), notes)


def _year(text: str) -> int | None:
    plain = unwrapped(text).rstrip(".").strip()
    if grouped := _GROUPED_YEAR.fullmatch(plain):
        plain = grouped[1] + grouped[2]
    found = _YEAR.fullmatch(plain)
    return int(found[1]) if found else None


def _is_marked(text: str) -> bool:
    found = _YEAR.fullmatch(unwrapped(text).rstrip(".").strip())
    return found is not None and bool((found["mark"] or "").strip())
