"""What the API answers with, described once: for programs (OpenAPI) and for its page. No Django."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, Field, create_model

from kvarter.policy.fields import Text, say
from kvarter.tables import table
from kvarter.tables.specification import Type

Cell = str | int | float | bool | list[str] | None
_TYPES: dict[Type, Any] = {
    "text": str,
    "whole": int,
    "number": float,
    "yes_no": bool,
    "date": dt.date,
    "texts": list[str],
}


class Translated(BaseModel):
    """A text in both languages; Danish in both where nobody has written English."""

    da: str
    en: str

    @classmethod
    def of(cls, text: Text | None) -> Translated:
        """A text of the policy."""
        return cls(da=say(text, "da"), en=say(text, "en"))


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it; `detail` says what to do."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class EditionSummary(BaseModel):
    """A version of an edition."""

    id: str
    version: int
    title: Translated
    data_year: int
    published_at: dt.datetime
    note: str = Field(description="Of a correction: what was wrong, and what is other now")
    hash: str = Field(description="SHA-256 that changes with any file of it")
    page: str = Field(description="The address of its page")


class EditionDetail(EditionSummary):
    """A version of an edition, and what it has."""

    municipality: str
    policy: Translated
    areas: Translated = Field(description="What its areas are called together")
    versions: list[int]
    tables: list[str]


class Named(BaseModel):
    id: str
    title: Translated


class TargetDetail(BaseModel):
    """A target. `verdicts`: rows of the table `verdicts`, one for each reading."""

    id: str
    text: Translated
    indicator: str
    verdicts: list[dict[str, Cell]]


class GoalDetail(BaseModel):
    """A goal. `no_data`: why it has no figures yet."""

    number: int
    title: Translated
    administration: str
    no_data: Translated
    indicators: list[Named]
    targets: list[TargetDetail]
    page: str


class AreaSummary(BaseModel):
    """An area; its figures are those whose `group` is its id."""

    id: str
    name: str
    page: str


class CriterionSummary(BaseModel):
    """A criterion that areas are designated by; its figures are in the table `distance`."""

    id: str
    title: Translated
    unit: Translated
    better: str
    page: str


class DocumentFile(BaseModel):
    """A file to fetch; a version never changes, so neither does what lies at `href`."""

    path: str
    name: str = Field(description="What it is called when it is saved")
    title: Translated
    bytes: int
    sha256: str
    href: str


class ColumnSpecification(BaseModel):
    """A column of a table. `unit`: fraction (0.014 is 1.4 percent), percent, points or year."""

    name: str
    type: str
    unit: str | None
    is_key: bool
    meaning: Translated


class TableSpecification(BaseModel):
    """A table. `rows`: what a row of it is."""

    name: str
    title: Translated
    rows: Translated
    columns: list[ColumnSpecification]


class Rows(BaseModel):
    """Rows of a table, of the version that is named. A hidden figure is null."""

    edition: str
    version: int
    table: str
    rows: list[dict[str, Cell]]


def _row_of(name: str) -> type[BaseModel]:
    """A row of a table with its columns, as the table is specified."""
    fields: dict[str, Any] = {
        "row": (str, Field(description="Its address, which pages give for each figure"))
    }
    for column in table(name).columns.values():
        kind = _TYPES[column.type]
        is_key = column.name in table(name).key
        about = Field(description=column.en) if is_key else Field(None, description=column.en)
        fields[column.name] = (kind if is_key else kind | None, about)
    return create_model("FigureRow", **fields)


FigureRow = _row_of("results")


class Figures(BaseModel):
    """Figures by indicator, year and group, of the version that is named."""

    edition: str
    version: int
    figures: list[FigureRow]  # type: ignore[valid-type]


class KeyDetail(BaseModel):
    """What the key of a request may do."""

    id: str
    name: str
    scopes: list[str]
    administration: str
    expires: dt.date


class FigureEntered(BaseModel):
    """A figure entered by hand: such as 28 of 50, which is 56 percent."""

    title: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, max_length=200)
    period: str = Field(min_length=1, max_length=100)
    count: int = Field(ge=0, le=10**12)
    of: int | None = Field(None, ge=1, le=10**12, description="What the count is a part of")
    share: str = Field(
        "", pattern=r"^(\d{1,3}([.,]\d{1,4})?)?$", description="The percent as it is said, if it is"
    )


class FiguresGiven(BaseModel):
    """All figures of a goal. `seen`: the version that they were worked out from."""

    seen: int = Field(ge=0, le=10**9)
    figures: list[FigureEntered] = Field(max_length=30)


class EnteredFigures(BaseModel):
    """What is entered of a goal. `version` is to be sent back as `seen`."""

    edition: str
    goal: int
    state: str
    version: int
    figures: list[FigureEntered]
