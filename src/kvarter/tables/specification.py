"""How a table is specified, and the specifications of all, read once they are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

import polars as pl
import yaml

from kvarter.errors import InputError, Problem
from kvarter.files import parquet_at
from kvarter.files.inert import as_it_was, write_csv
from kvarter.policy.fields import Bilingual

Type = Literal["text", "whole", "number", "yes_no", "date", "texts"]
Unit = Literal["fraction", "percent", "points", "year"]
Count = Literal["figure", "years", "unlocated", "cases", "levels", "shared_levels", "shown"]
Compared = Literal["key", "main", "around", "no"]
Form = Literal["csv", "parquet", "json", "lists"]

COUNTS: dict[Count, str] = {
    "figure": "The numbers of its own row.",
    "years": "The figures of its indicator in the years that the row names.",
    "unlocated": "The cases that could not be located.",
    "cases": "The cases counted in the row.",
    "levels": "The levels of the criterion that the row is made of.",
    "shared_levels": "The levels of the ground that two area sets share.",
    "shown": "Figures that are shown: nothing more is to be hidden.",
}
"""What a column can rest on."""

_DTYPES: dict[Type, pl.DataType] = {
    "text": pl.String(),
    "whole": pl.Int64(),
    "number": pl.Float64(),
    "yes_no": pl.Boolean(),
    "date": pl.Date(),
    "texts": pl.List(pl.String()),
}

# The parser in C takes a tenth of the time; not every build of PyYAML has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PUBLIC_FORMS: tuple[Form, ...] = ("csv", "parquet", "json")
_ENDS = {
    "low": ("Nedre ende af intervallet for `{}`.", "Lower end of the interval of `{}`."),
    "high": ("Øvre ende af intervallet for `{}`.", "Upper end of the interval of `{}`."),
}


@dataclass(frozen=True)
class Column:
    """A column: its type, what it means, and which counts it reveals something of.

    `rests_on`: empty where it reveals no count. `is_word`: it is a word, which is shown where it
    is the same whatever the hidden counts are, and is `withheld` in its place where it is not.
    `compared`: how two editions are compared by it. `end_of`: the column that it is an
    end of the interval of.
    """

    name: str
    type: Type
    da: str
    en: str
    unit: Unit | None = None
    rests_on: tuple[Count, ...] = ()
    is_word: bool = False
    withheld: str | None = None
    compared: Compared = "no"
    end_of: str | None = None

    def __post_init__(self) -> None:
        for value, known in (
            *((self.type, Type), (self.compared, Compared)),
            *((count, Count) for count in self.rests_on),
            *([] if self.unit is None else [(self.unit, Unit)]),
        ):
            if value not in get_args(known):
                raise ValueError(f"column {self.name}: {value!r} is none of {get_args(known)}")

    @property
    def dtype(self) -> pl.DataType:
        """The type it has in a frame."""
        return _DTYPES[self.type]

    @property
    def text(self) -> Bilingual:
        """What it means."""
        return Bilingual(da=self.da, en=self.en)

    @property
    def is_figure(self) -> bool:
        """Whether it is null where a count that it rests on is hidden."""
        return bool(set(self.rests_on) - {"shown"}) and not self.is_word


@dataclass(frozen=True)
class Table:
    """A table: its `title`, what a row is (`rows`), the `key` that distinguishes rows, its columns.

    `public`: whether it may be published. `forms`: the files it is written as; none where it only
    passes from stage to stage. `years`: the columns that name the years its rows rest on, with
    `between` all from the first to the last. `measures`: the columns of its JSON-stat cube.
    """

    name: str
    title: Bilingual
    rows: Bilingual
    key: tuple[str, ...]
    columns: Mapping[str, Column] = field(repr=False)
    public: bool
    forms: tuple[Form, ...]
    years: tuple[str, ...] = ()
    between: bool = False
    measures: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        named = {*self.key, *self.years, *self.measures}
        if unknown := sorted(named - set(self.columns)):
            raise ValueError(f"table {self.name}: no column {', '.join(unknown)}")

    @property
    def schema(self) -> pl.Schema:
        """The columns of a frame, and their types.

        >>> from kvarter.tables import table
        >>> table("gaps").schema["period"]
        Int64
        """
        return pl.Schema({name: column.dtype for name, column in self.columns.items()})

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The columns that are null where a count they rest on is hidden.

        >>> from kvarter.tables import table
        >>> table("totals").figures
        ('counted', 'percent_of_total', 'within')
        """
        return tuple(name for name, column in self.columns.items() if column.is_figure)

    @cached_property
    def words(self) -> dict[str, str | None]:
        """The words that rest on counts, and what each says where it may not be told."""
        return {name: each.withheld for name, each in self.columns.items() if each.is_word}

    def resting_on(self, count: Count) -> tuple[str, ...]:
        """The columns that rest on such a count."""
        return tuple(name for name, each in self.columns.items() if count in each.rests_on)

    def compared(self, *ways: Compared) -> list[str]:
        """The columns by which two editions are compared in one of these ways."""
        return [name for name, each in self.columns.items() if each.compared in ways]

    def years_of(self, row: Mapping[str, Any]) -> Iterable[int]:
        """The years whose figures a `row` rests on.

        >>> from kvarter.tables import table
        >>> list(table("trends").years_of({"first_period": 2016, "last_period": 2018}))
        [2016, 2017, 2018]
        """
        years = [row[name] for name in self.years]
        return range(years[0], years[-1] + 1) if self.between else years

    def schema_without(self, *names: str) -> pl.Schema:
        """The schema of a frame that does not have the columns `names` yet."""
        return pl.Schema({name: each for name, each in self.schema.items() if name not in names})

    def frame(self, rows: Iterable[Iterable[object]]) -> pl.DataFrame:
        """A frame of the table with these rows, each a value for every column.

        >>> from kvarter.tables import table
        >>> table("missing").frame([(2, "evictions", "year", "2023", 90, 10, 0.9, None)]).height
        1
        """
        return pl.DataFrame(list(rows), schema=self.schema, orient="row")

    def empty(self) -> pl.DataFrame:
        """A frame of the table without any row."""
        return pl.DataFrame(schema=self.schema)

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`frame`, when it has exactly these columns, in this order and of these types.

        Raises ValueError, which names what is wrong, when it does not.

        >>> from kvarter.tables import table
        >>> table("gaps").conform(table("gaps").empty().drop("ratio"))
        Traceback (most recent call last):
        ValueError: gaps: no column ratio
        """
        if wrong := self._wrong(frame):
            raise ValueError(f"{self.name}: {'; '.join(wrong)}")
        return frame

    def _wrong(self, frame: pl.DataFrame) -> list[str]:
        schema, found = self.schema, frame.schema
        wrong = [f"no column {name}" for name in schema if name not in found]
        wrong += [f"a column {name} that is not specified" for name in found if name not in schema]
        wrong += [
            f"{name} is {found[name]} and not {dtype}"
            for name, dtype in schema.items()
            if name in found and found[name] != dtype
        ]
        if not wrong and list(found) != list(schema):
            wrong.append(f"the columns are in another order: {', '.join(found)}")
        return wrong

    def read(self, path: Path) -> pl.DataFrame:
        """The frame in the file at `path`: Parquet, or CSV that Kvarter wrote.

        A column that an earlier version did not write is null, and one that is not specified any
        more is left out. Raises InputError where the file is missing or damaged, or lacks the key.
        """
        try:
            frame = self._read(path)
            frame.select(self.key)
            return frame.select(
                (pl.col(name) if name in frame.columns else pl.lit(None).alias(name)).cast(dtype)
                for name, dtype in self.schema.items()
            )
        except (OSError, EOFError, pl.exceptions.PolarsError) as error:
            what = "this table is damaged" if path.exists() else "this table is missing"
            remedy = "Bring it back from a backup, or make the status again: kvarter rebuild"
            raise InputError(Problem(what, remedy, str(path))) from error

    def _read(self, path: Path) -> pl.DataFrame:
        if path.suffix == ".parquet":
            return parquet_at(path)
        content = path.read_bytes()
        if not content.endswith(b"\n") or content.count(b'"') % 2:
            raise EOFError("the file ends within a row")  # which Polars reads as null
        frame = pl.read_csv(content, infer_schema=False)
        return frame.with_columns(
            as_it_was(frame[name])
            for name, dtype in self.schema.items()
            if name in frame.columns and dtype == pl.String
        ).with_columns(
            pl.col(name) == "true"
            for name, dtype in self.schema.items()
            if name in frame.columns and dtype == pl.Boolean
        )

    def write(self, frame: pl.DataFrame, folder: Path) -> None:
        """Write `frame` to `folder` in each of its forms: `NAME.csv`, `NAME.parquet`, `NAME.json`.

        The same frame gives the same bytes. Raises ValueError as `conform` does.
        """
        self.conform(frame)
        for form in self.forms:
            path = folder / f"{self.name}.{form}"
            if form == "parquet":
                frame.write_parquet(path)
            elif form == "csv":
                write_csv(frame, path)
            elif form == "lists":
                path = path.with_suffix(".json")
                text = json.dumps(frame.rows(), ensure_ascii=False)
                path.write_text(text + "\n", encoding="utf-8")
            else:
                rows = json.dumps(frame.to_dicts(), ensure_ascii=False, indent=1, default=str)
                path.write_text(rows + "\n", encoding="utf-8")


def table(name: str) -> Table:
    """The specification of the table called `name`. Raises KeyError for none.

    >>> from kvarter.tables import table
    >>> table("verdicts").key
    ('goal', 'target', 'reading')
    """
    for tables in (public_tables, internal_tables):
        if name in (found := tables()):
            return found[name]
    return other_tables()[name]


@cache
def public_tables() -> Mapping[str, Table]:
    """Every table of a status that may be published, by name, in the order they are told."""
    return _read("public.yaml", public=True)


@cache
def internal_tables() -> Mapping[str, Table]:
    """Every table that stays in the house, by name."""
    return _read("internal.yaml", public=False)


@cache
def other_tables() -> Mapping[str, Table]:
    """Every table that another command than `kvarter run` writes, by name."""
    return _read("others.yaml", public=True)


def _read(file: str, *, public: bool) -> dict[str, Table]:
    text = files("kvarter.tables").joinpath(file).read_text(encoding="utf-8")
    found: dict[str, Table] = {}
    for name, given in yaml.load(text, _LOADER).items():
        first = given.get("columns_of")
        columns = [] if first is None else list((found.get(first) or table(first)).columns.values())
        columns += [
            column
            for each, means in given.get("columns", {}).items()
            for column in _columns(each, means, is_key=each in given["key"], public=public)
        ]
        found[name] = Table(
            name=name,
            title=Bilingual(**given["title"]),
            rows=Bilingual(**given["rows"]),
            columns={column.name: column for column in columns},
            key=tuple(given["key"]),
            public=public,
            forms=tuple(given.get("forms", _PUBLIC_FORMS if public else ())),
            years=tuple(given.get("years", ())),
            between=given.get("between", False),
            measures=tuple(given.get("measures", ())),
        )
    return found


def _columns(name: str, given: dict[str, Any], *, is_key: bool, public: bool) -> Iterator[Column]:
    """A column as it is written, and the ends of its interval."""
    given = dict(given)
    interval = given.pop("interval", False)
    counts = _counts(given.pop("rests_on", None), name, may_lack=is_key or not public)
    compared: Compared = "key" if is_key else "around" if counts else "no"
    withheld = given.pop("withheld", None)
    beside: dict[str, Any] = {
        "rests_on": counts,
        "is_word": withheld is not None,
        "withheld": None if withheld == "blank" else withheld,
    }
    yield Column(name, **{"compared": compared, **given, **beside})
    if interval:
        for end, (da, en) in _ENDS.items():
            texts = {"da": da.format(name), "en": en.format(name)}
            own = {**given, **texts, **beside, "compared": compared, "end_of": name}
            yield Column(f"{name}_{end}", **own)


def _counts(given: Any, name: str, *, may_lack: bool) -> tuple[Count, ...]:
    """The counts that a column rests on. Raises ValueError where it must say so and does not."""
    if given is None and not may_lack:
        raise ValueError(f"column {name}: say what it `rests_on`, be it `nothing`")
    if given in (None, "nothing"):
        return ()
    return tuple(given) if isinstance(given, list) else (given,)
