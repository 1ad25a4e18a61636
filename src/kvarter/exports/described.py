"""What the tables and their columns mean, in Danish and English: read from `tables.yaml`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from kvarter.policy.model import Bilingual, Model

Unit = Literal["fraction", "percent", "points", "year"]
_END = re.compile(r"_(low|high)$")
_ENDS = {
    "low": ("Nedre ende af intervallet for `{}`.", "Lower end of the interval of `{}`."),
    "high": ("Øvre ende af intervallet for `{}`.", "Upper end of the interval of `{}`."),
}


class Column(Model):
    """What a column means, and what its numbers are counted in."""

    da: str
    en: str
    unit: Unit | None = None

    @property
    def text(self) -> Bilingual:
        return Bilingual(da=self.da, en=self.en)


class Described(Model):
    """A table: its title, what a row is, the columns that tell its rows apart, and all columns."""

    title: Bilingual
    rows: Bilingual
    key: list[str]
    columns: dict[str, Column]

    def column(self, name: str) -> Column:
        """What the column `name` means. Raises KeyError where nobody has said it."""
        if name in self.columns:
            return self.columns[name]
        end = _END.search(name)
        if end is None:
            raise KeyError(name)
        of = name[: end.start()]
        da, en = (text.format(of) for text in _ENDS[end[1]])
        return Column(da=da, en=en, unit=self.columns[of].unit)


@cache
def described() -> dict[str, Described]:
    """Every table by name, in the order they are told."""
    text = files("kvarter.exports").joinpath("tables.yaml").read_text(encoding="utf-8")
    return {name: Described.model_validate(each) for name, each in yaml.safe_load(text).items()}
