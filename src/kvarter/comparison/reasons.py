"""Why a figure differs between two editions: what differs between them that it depends on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kvarter.comparison.compared import UNLIKE, Cause, FieldChange, FileChange, Pair, Side
from kvarter.comparison.differences import area_sets, changes, versions
from kvarter.policy.model import (
    AREAS,
    CITY,
    REST,
    AreaSet,
    CaseCount,
    Criterion,
    Indicator,
    InUnit,
    Policy,
)

_SAID_ONLY = {"title", "measured", "text", "population"}
_NO_FIGURE = _SAID_ONLY | {"decimals", "data_years", "independent_totals", "published"}
_COUNTS_WITH = {"kvarter", "python", "duckdb", "highspy", "ibis-framework", "polars", "pyarrow"}
_COUNTS_WITH |= {"rapidfuzz", "scipy", "shapely", "statsmodels"}


@dataclass(frozen=True)
class _Editions:
    """Two editions whose policies are known, and the files of them that differ."""

    then: Side
    now: Side
    old: Policy
    new: Policy
    changed: tuple[FileChange, ...]


def reasons(pair: Pair, then: Side, now: Side, changed: tuple[FileChange, ...]) -> list[Cause]:
    """All that differs between the editions and that the figure depends on.

    How much each of them moved it cannot be told from two records. Versions are a reason only
    where nothing else is.
    """
    if pair.difference not in UNLIKE:
        return []
    if then.policy is None or now.policy is None:
        found = [
            Cause("unknown"),
            *(Cause("file", each.file, each.role, each.differences[0]) for each in changed),
        ]
    else:
        editions = _Editions(then, now, then.policy, now.policy, changed)
        of_part = _of_all_criteria if pair.part == "overall" else _of_content
        found = of_part(pair, editions)
    if found:
        return found
    other = [change for change in versions(then, now) if change.place in _COUNTS_WITH]
    return _said(other, "version") or [Cause("unexplained")]


def _said(found: Iterable[FieldChange], code: str = "definition") -> list[Cause]:
    return [Cause(code, each.place, each.then, each.now) for each in found]


def _of_content(pair: Pair, editions: _Editions) -> list[Cause]:
    old, new = editions.old, editions.new
    was, are = _measure(old, pair), _measure(new, pair)
    if was is None or are is None:
        return [Cause("unknown")]
    parts = [part for each in (was, are) for part in (each.numerator, each.denominator) if part]
    kinds = {part.cases for part in parts if isinstance(part, CaseCount)}
    statistics = {part.statistic for part in parts if not isinstance(part, CaseCount)}
    layers = {
        each.located_by.layer
        for policy in (old, new)
        for each in policy.statistics
        if each.id in statistics and isinstance(each.located_by, InUnit)
    }
    place = f"criteria[{pair.measure}]" if pair.way else f"indicators[{pair.measure}]"
    fields = changes(was, are, place, _NO_FIGURE | {"disclosure", "by_area", "offences"})
    fields += _kinds(old, new, kinds)
    if pair.way:
        fields += changes(old.ambition, new.ambition, "ambition", _NO_FIGURE | {"readings"})
    found = _said(fields)
    found += _published(pair, was, are)
    found += _areas(pair, editions.then, editions.now)
    for each in editions.changed:
        touches = {
            "source": _covers(each.id, pair.period, kinds, [old, new]),
            "statistic": each.id in statistics,
            "layer": each.id in layers,
            "register": True,
            "decisions": bool(kinds),
        }[each.role]
        if touches:
            found += _of_file(each)
    if pair.difference.startswith("hidden") or "rounded" in _origins(pair):
        found += _hiding(editions, was, are)
    if pair.difference == "around" and old.confidence != new.confidence:
        found.append(Cause("confidence", "", str(old.confidence), str(new.confidence)))
    return found


def _of_all_criteria(pair: Pair, editions: _Editions) -> list[Cause]:
    """What any of the criteria depends on, each thing once; and which of them are new or gone."""
    was, are = ([each.id for each in policy.criteria] for policy in (editions.old, editions.new))
    found = [Cause("definition", f"criteria[{name}]", name) for name in was if name not in are]
    found += [Cause("definition", f"criteria[{n}]", None, n) for n in are if n not in was]
    for name in [name for name in was if name in are]:
        one = replace(pair, part="distance", measure=name)
        found += _of_content(one, editions)
    return list(dict.fromkeys(found))


def _measure(policy: Policy, pair: Pair) -> Indicator | Criterion | None:
    known: list[Indicator] | list[Criterion] = (
        policy.criteria if pair.way else [each for _, each in policy.indicators()]
    )
    return next((each for each in known if each.id == pair.measure), None)


def _kinds(old: Policy, new: Policy, kinds: set[str]) -> tuple[FieldChange, ...]:
    was, are = ({kind.id: kind for kind in policy.case_kinds} for policy in (old, new))
    both = [kind for kind in sorted(kinds) if kind in was and kind in are]
    return tuple(
        change
        for kind in both
        for change in changes(was[kind], are[kind], f"case_kinds[{kind}]", _NO_FIGURE)
    )


def _published(pair: Pair, was: Indicator | Criterion, are: Indicator | Criterion) -> list[Cause]:
    """Published on one side and computed on the other, or published otherwise."""
    origins = _origins(pair)
    found = []
    if len(origins) == 2 and origins[0] != origins[1]:
        found.append(Cause("origin", "", *origins))
    if isinstance(was, Indicator) and isinstance(are, Indicator) and "published" in origins:
        own = f"[{pair.period} {pair.group}]"
        whole = changes(was, are, f"indicators[{pair.measure}]", set())
        said = [c for c in whole if f".published{own}" in c.place]
        found += _said(said)
    return found


def _origins(pair: Pair) -> list[str]:
    rows = [row for row in (pair.then, pair.now) if row]
    return [row["origin"] for row in rows if row.get("origin")]


def _areas(pair: Pair, then: Side, now: Side) -> list[Cause]:
    if pair.group == CITY:
        return []
    old, new = then.area_set, now.area_set
    if pair.way:
        old, new = (_set_called(side, pair.way.split()[1]) for side in (then, now))
    if old is None or new is None:
        return []
    found = area_sets(then, now, old, new)
    # A single area depends on which others there are only for what is hidden beside it.
    together = pair.group in (AREAS, REST) or bool(pair.way) or pair.difference.startswith("hidden")
    said = []
    if found.added and together:
        said.append(Cause("added", ", ".join(area.name for area in found.added)))
    if found.dropped and together:
        said.append(Cause("dropped", ", ".join(area.name for area in found.dropped)))
    if found.file:
        said.append(Cause("outline", found.file))
    read = ("name_field", "crs", "geometry_field", "layer_name")
    return said + _said(change for change in found.changes if change.place.endswith(read))


def _set_called(side: Side, name: str) -> AreaSet | None:
    sets = side.policy.area_sets if side.policy else []
    return next((each for each in sets if each.id == name), None)


def _covers(source_id: str, period: int, kinds: set[str], policies: list[Policy]) -> bool:
    return any(
        source.id == source_id
        and source.cases in kinds
        and source.first_day.year <= period <= source.last_day.year
        for policy in policies
        for source in policy.sources
    )


def _of_file(each: FileChange) -> list[Cause]:
    found = [
        Cause("file", each.id, each.role, difference)
        for difference in each.differences
        if difference != "mapping"
    ]
    if each.role in ("decisions", "register"):
        found = [Cause(each.role, each.file)]
    return found + _said(each.changes)


def _hiding(
    editions: _Editions, was: Indicator | Criterion, are: Indicator | Criterion
) -> list[Cause]:
    fields = changes(editions.old.disclosure, editions.new.disclosure, "disclosure", set())
    if isinstance(was, Indicator) and isinstance(are, Indicator):
        place = f"indicators[{are.id}]"
        fields += changes(was, are, place, _NO_FIGURE | {"kind", "numerator", "denominator"})
    found = _said(fields)
    released = (side.record.get("releases_sha256") for side in (editions.then, editions.now))
    if len(set(released)) > 1:
        found.append(Cause("releases"))
    return found
