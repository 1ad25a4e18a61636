"""Did an intervention move anything? Difference in differences against the other areas.

For the areas it took place in and those it did not, and the years before and after its start:
log rate = area + time + effect, in a Poisson regression whose variance is widened by how much the
counts scatter (quasi-Poisson; McCullagh and Nelder 1989, ch. 6). The years before are taken
together, and those after: what is unusual in an area lasts for years, and single years would make
it look surer than it is (Bertrand, Duflo and Mullainathan 2004). Few areas make such intervals
uncertain, so a randomisation test goes with them: how often would areas drawn by lot show as
much (Fisher 1935)? No estimate is proof: areas get an intervention for a reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
import polars as pl

from kvarter.judgement.figures import Span
from kvarter.judgement.quantiles import reach, two_sided
from kvarter.policy.model import (
    AREAS,
    CITY,
    REST,
    CaseCount,
    EditionDefinition,
    Intervention,
    Policy,
    data_year,
)
from kvarter.tables import table

FEWEST_YEARS, FEWEST_AREAS, FEWEST_OTHERS, FEWEST_CASES = 2, 2, 3, 20
_MOST_DRAWS = 5_000
LOT_SEED = 1


@dataclass(frozen=True)
class Panel:
    """Counts over totals of areas (rows) by years (columns); which areas, and the first year of it.

    `after`: for each year, whether it is one of the intervention.
    """

    counts: np.ndarray
    totals: np.ndarray
    treated: np.ndarray
    after: np.ndarray

    def refused(self) -> str | None:
        """Why no estimate is made, as a code; None where one is."""
        if self.treated.sum() < FEWEST_AREAS or (~self.treated).sum() < FEWEST_OTHERS:
            return "few_areas"
        if (~self.after).sum() < FEWEST_YEARS:
            return "few_years_before"
        if self.after.sum() < FEWEST_YEARS:
            return "few_years_after"
        quarters = [
            self.counts[np.ix_(rows, columns)].sum()
            for rows in (self.treated, ~self.treated)
            for columns in (self.after, ~self.after)
        ]
        return "few_cases" if min(quarters) < FEWEST_CASES else None


def interventions(
    measures: pl.DataFrame, policy: Policy, edition: EditionDefinition
) -> pl.DataFrame:
    """A row for each intervention of a goal, and indicator of cases of it (`interventions`).

    `effect`: change in percent of the rate, beyond that of the other areas. `refused` says why
    there is none. `p_value`: of the randomisation test; `p_before`: that both went the same way
    before it began.
    """
    rows: list[tuple[object, ...]] = []
    for goal in policy.goals:
        for number, intervention in enumerate(goal.interventions, start=1):
            for indicator in goal.indicators:
                if not isinstance(indicator.numerator, CaseCount):
                    continue
                by_area = measures.filter(
                    (pl.col("indicator") == indicator.id)
                    & ~pl.col("group").is_in([AREAS, REST, CITY])
                    & (pl.col("period") <= data_year(indicator, edition))
                    & pl.col("value").is_not_null()
                )
                known = by_area if indicator.by_area else by_area.clear()
                found = _effect(intervention, known, policy.confidence)
                rows.append((goal.number, number, *_names(intervention), indicator.id, *found))
    return table("interventions").frame(rows)


def _effect(
    intervention: Intervention, by_area: pl.DataFrame, confidence: float
) -> tuple[object, ...]:
    """Sizes of the panel, why no estimate is made, and the estimate; `by_area`: the measures."""
    nothing = (None,) * 5
    if by_area.is_empty():
        return (*(None,) * 4, "no_figures_by_area", *nothing)
    if set(by_area["group"]) <= set(intervention.areas or by_area["group"]):
        return (*(None,) * 4, "all_areas", *nothing)
    panel = panel_of(by_area, intervention)
    if panel is None:
        return (*(None,) * 4, "few_areas", *nothing)
    sizes = (
        *(int(panel.treated.sum()), int((~panel.treated).sum())),
        *(int((~panel.after).sum()), int(panel.after.sum())),
    )
    refused = panel.refused()
    if refused:
        return (*sizes, refused, *nothing)
    effect, span = estimate(panel, confidence)
    return (*sizes, None, effect, *span, by_lot(panel), apart_before(panel))


def _names(intervention: Intervention) -> tuple[str, str]:
    title = intervention.title
    return (title, title) if isinstance(title, str) else (title.da, title.en or title.da)


def panel_of(rows: pl.DataFrame, intervention: Intervention) -> Panel | None:
    """`rows` (`group, period, numerator, denominator`) as a panel of the areas with every year.

    None where no area has every year.
    """
    years = sorted(rows["period"].unique())
    last = intervention.last_year or years[-1]
    years = [year for year in years if year <= last]
    whole = (
        rows.filter(pl.col("period").is_in(years) & (pl.col("denominator") > 0))
        .group_by("group")
        .len()
        .filter(pl.col("len") == len(years))["group"]
        .sort()
    )
    if whole.is_empty():
        return None
    wide = {
        name: rows.filter(pl.col("group").is_in(whole.implode()) & pl.col("period").is_in(years))
        .pivot("period", index="group", values=name)
        .sort("group")
        .select([str(year) for year in years])
        .to_numpy()
        for name in ("numerator", "denominator")
    }
    chosen = set(intervention.areas or whole.to_list())
    return Panel(
        wide["numerator"].astype(float),
        wide["denominator"].astype(float),
        np.array([group in chosen for group in whole], dtype=bool),
        np.array([year >= intervention.first_year for year in years], dtype=bool),
    )


def estimate(panel: Panel, confidence: float) -> tuple[float, Span]:
    """The effect in percent, and its interval; the years before taken together, and those after."""
    counts, totals = (
        np.column_stack([each[:, ~panel.after].sum(axis=1), each[:, panel.after].sum(axis=1)])
        for each in (panel.counts, panel.totals)
    )
    dose = np.outer(panel.treated, [False, True]).astype(float)
    slope, error, free = _fit(counts, totals, dose)
    spread = reach(confidence, free) * error
    low, middle, high = (100 * math.expm1(end) for end in (slope - spread, slope, slope + spread))
    return middle, (low, high)


def apart_before(panel: Panel) -> float | None:
    """The p-value that both went the same way before it began; None with fewer than three years."""
    before = ~panel.after
    if before.sum() < 3:
        return None
    dose = np.outer(panel.treated, np.arange(before.sum())).astype(float)
    slope, error, free = _fit(panel.counts[:, before], panel.totals[:, before], dose)
    return two_sided(slope / error, free)


def _fit(counts: np.ndarray, totals: np.ndarray, dose: np.ndarray) -> tuple[float, float, int]:
    """Slope of `dose`, its standard error and its degrees of freedom, beside area and year."""
    import statsmodels.api as sm  # a second and a half, for few policies

    areas, years = counts.shape
    rows, columns = np.indices(counts.shape)
    of_area = (rows.ravel()[:, None] == np.arange(areas)).astype(float)
    of_year = (columns.ravel()[:, None] == np.arange(1, years)).astype(float)
    design = np.column_stack([of_area, of_year, dose.ravel()])
    model = sm.GLM(
        counts.ravel(), design, sm.families.Poisson(), offset=np.log(totals).ravel()
    ).fit(scale=1.0)
    # Counts that scatter less than chance would give are no reason to be surer.
    widened = math.sqrt(max(1.0, model.pearson_chi2 / model.df_resid))
    return float(model.params[-1]), float(model.bse[-1]) * widened, int(model.df_resid)


def by_lot(panel: Panel) -> float:
    """How often areas drawn by lot, as many as there were, would show as large a difference.

    All draws where there are no more than 5,000 of them, else so many with a seed.
    """
    found = abs(_apart(panel, panel.treated))
    draws = list(_draws(panel.treated.size, int(panel.treated.sum())))
    larger = sum(abs(_apart(panel, drawn)) >= found - 1e-12 for drawn in draws)
    return larger / len(draws)


def _draws(areas: int, chosen: int) -> Iterable[np.ndarray]:
    """Every choice of so many areas, or many of them; the one that was made is among all."""
    if math.comb(areas, chosen) <= _MOST_DRAWS:
        picks: Iterable[tuple[int, ...]] = combinations(range(areas), chosen)
    else:
        random = np.random.default_rng(LOT_SEED)
        picks = (tuple(random.choice(areas, chosen, replace=False)) for _ in range(_MOST_DRAWS))
    for pick in islice(picks, _MOST_DRAWS):
        drawn = np.zeros(areas, dtype=bool)
        drawn[list(pick)] = True
        yield drawn


def _apart(panel: Panel, treated: np.ndarray) -> float:
    """The logarithm of the ratio of the two groups' changes, each taken together."""
    logs = []
    for rows in (treated, ~treated):
        for columns in (panel.after, ~panel.after):
            at = np.ix_(rows, columns)
            logs.append(math.log((panel.counts[at].sum() + 0.5) / panel.totals[at].sum()))
    return (logs[0] - logs[1]) - (logs[2] - logs[3])
