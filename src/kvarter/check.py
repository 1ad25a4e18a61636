"""`kvarter check`: does the policy hold together, and can every file it names be used?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from kvarter.addresses import index_of
from kvarter.addresses.decisions import look_up, read_decisions
from kvarter.areas import read_areas, read_layer
from kvarter.cases import Pseudonyms, read_source
from kvarter.engine import Engine
from kvarter.errors import KvarterError, Problem
from kvarter.indicators import columns_wanted
from kvarter.notes import Note
from kvarter.policy import Policy
from kvarter.policy.model import AreaSet, CaseCount, Layer, Source, Statistic
from kvarter.register import read_register, read_statistic
from kvarter.report.word_template import check_template

_NO_KEY = Pseudonyms(b"checking makes no pseudonyms that anyone keeps")


@dataclass(frozen=True)
class Checked:
    """One thing the policy names: what it is, what was found, and what is wrong with it.

    `remark`: nothing is wrong, but somebody should look at it. `notes`: what a run would say too.
    """

    name: str
    found: str
    problems: list[Problem]
    remark: bool = False
    notes: tuple[Note, ...] = ()


Found = str | tuple[str, tuple[Note, ...]]
"""What was found, in a line; and notes on it."""


def check(policy: Policy, folder: Path) -> list[Checked]:
    """Read everything the policy names, without running it; every problem is reported."""
    engine = Engine()
    named: list[tuple[str, Callable[[], Found]]] = []
    if policy.register_ is not None:
        named.append(("register", partial(_register, policy, folder, engine)))
    for area_set in policy.area_sets:
        named.append((f"area set {area_set.id}", partial(_areas, area_set, folder)))
    for name, layer in policy.layers.items():
        named.append((f"layer {name}", partial(_layer, layer, folder)))
    for statistic in policy.statistics:
        named.append((f"statistic {statistic.id}", partial(_statistic, policy, statistic, folder)))
    for source in policy.sources:
        named.append((f"source {source.id}", partial(_source, policy, source, folder)))
    if policy.decisions is not None:
        named.append(("decisions", partial(_decisions, policy, folder, engine)))
    if policy.word_template is not None:
        named.append(("word template", partial(_template, folder / policy.word_template)))
    results = [_try(name, read) for name, read in named]
    engine.close()
    return results + _remarks(policy)


def _remarks(policy: Policy) -> list[Checked]:
    """Cases shown by area of which nobody has said whether the people are suspects."""
    return [
        Checked("indicator", f"{each.id} by area: `offences` true or false?", [], remark=True)
        for _, each in policy.indicators()
        if each.by_area and each.offences is None and isinstance(each.numerator, CaseCount)
    ]


def _register(policy: Policy, folder: Path, engine: Engine) -> str:
    register = read_register(engine, folder, policy.register_)
    return f"{engine.fetch(register.aggregate(rows=register.count())).item():,} addresses"


def _areas(area_set: AreaSet, folder: Path) -> str:
    return f"{len(read_areas(area_set, folder).outlines)} areas"


def _layer(layer: Layer, folder: Path) -> str:
    return f"{len(read_layer(layer, folder))} polygons"


def _statistic(policy: Policy, statistic: Statistic, folder: Path) -> Found:
    columns = columns_wanted(policy, statistic.id)
    read = read_statistic(statistic, columns, folder)
    rows = read.rows
    blank = rows.filter(pl.any_horizontal(pl.all().is_null())).height
    twice = rows.height - rows.select("place", "year").n_unique()
    found = f"{rows.height:,} rows"
    found += f"; {blank:,} with a value that is blank or no number" if blank else ""
    found += f"; {twice:,} of the place and year of an earlier row" if twice else ""
    return found, read.notes


def _source(policy: Policy, source: Source, folder: Path) -> Found:
    kinds = {kind.id: kind for kind in policy.case_kinds}
    read = read_source(source, kinds[source.cases], folder, _NO_KEY)
    profile, invalid = read.profile, len(read.set_aside(""))
    found = f"{profile.rows:,} rows; {profile.encoding}, {profile.layout}, "
    found += f"header in line {profile.header_line}"
    found += f"; {invalid} invalid" if invalid else ""
    found += "; not one that can be used" if profile.rows == invalid else ""
    return found, read.notes


def _template(path: Path) -> str:
    check_template(path)
    return "a Word document"


def _decisions(policy: Policy, folder: Path, engine: Engine) -> str:
    decisions = read_decisions(folder / name for name in policy.decision_files())
    register = read_register(engine, folder, policy.register_)
    file = folder / policy.register_.file if policy.register_ else None
    index = index_of(engine, register, file)
    return f"{look_up(decisions, index, engine, register).height:,} texts decided"


def _try(name: str, read: Callable[[], Found]) -> Checked:
    try:
        found = read()
        text, notes = (found, ()) if isinstance(found, str) else found
        return Checked(name, text, [], notes=notes)
    except KvarterError as error:
        return Checked(name, "", error.problems)
