"""How sure a figure is: intervals for chance, and bounds for the cases that were not located."""

from __future__ import annotations

import math

import polars as pl
from scipy.stats import binomtest, fisher_exact, norm
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.rates import confint_poisson, confint_poisson_2indep

from kvarter.judgement.figures import Span
from kvarter.policy.model import AREAS, CITY, REST, CaseCount, Indicator, Policy

_EXACT_BELOW = 10


def wilson(count: float, total: float, confidence: float) -> Span:
    """Interval of a proportion (Wilson 1927), as fractions."""
    low, high = proportion_confint(count, total, alpha=1 - confidence, method="wilson")
    return float(low), float(high)


def poisson_interval(count: float, confidence: float) -> Span:
    """Interval of a count of events: exact below 10 (Garwood 1936), else Byar's approximation.

    Byar's: Breslow and Day (1987), Statistical Methods in Cancer Research II, p. 69.
    """
    if count < _EXACT_BELOW:
        low, high = confint_poisson(count, 1, method="exact-c", alpha=1 - confidence)
        return float(low), float(high)
    z = float(norm.ppf(1 - (1 - confidence) / 2))
    upper = count + 1
    return (
        count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3,
        upper * (1 - 1 / (9 * upper) + z / (3 * math.sqrt(upper))) ** 3,
    )


def ratio_of_counts(
    now: float, base: float, exposure_now: float, exposure_base: float, confidence: float
) -> Span:
    """Interval of the ratio of two Poisson rates by the log method (Rothman 2008, ch. 14).

    A half is added to counts of zero, so that the ratio is never undefined.
    """
    rates = (now or 0.5, exposure_now, base or 0.5, exposure_base)
    low, high = confint_poisson_2indep(
        *rates, compare="ratio", method="wald-log", alpha=1 - confidence
    )
    return float(low), float(high)


def ratio_of_shares(now: tuple[float, float], base: tuple[float, float], confidence: float) -> Span:
    """Interval of the ratio of two proportions by the score method (Koopman 1984)."""
    low, high = confint_proportions_2indep(
        *now, *base, compare="ratio", method="score", correction=False, alpha=1 - confidence
    )
    return float(low), float(high)


def difference_of_shares(
    now: tuple[float, float], base: tuple[float, float], confidence: float
) -> Span:
    """Interval of the difference of two proportions (Newcombe 1998, method 10)."""
    low, high = confint_proportions_2indep(
        *now, *base, compare="diff", method="newcomb", alpha=1 - confidence
    )
    return float(low), float(high)


def difference(x: float, x_span: Span, y: float, y_span: Span) -> Span:
    """Interval of `x - y` from their own intervals, by the method of variance estimates recovery.

    Zou and Donner (2008), Statistics in Medicine 27:1693. `x` and `y` must be independent.
    """
    low = math.hypot(x - x_span[0], y_span[1] - y)
    high = math.hypot(x_span[1] - x, y - y_span[0])
    return x - y - low, x - y + high


def ratio(x: float, x_span: Span, y: float, y_span: Span) -> Span:
    """Interval of `x / y` from their own intervals: `difference` of the logarithms."""
    logs = [(math.log(v), (math.log(s[0]), math.log(s[1]))) for v, s in ((x, x_span), (y, y_span))]
    low, high = difference(*logs[0], *logs[1])
    return math.exp(low), math.exp(high)


def shares_differ(now: tuple[float, float], base: tuple[float, float]) -> float:
    """The p-value that two shares are the same: Fisher's exact test (1935), two-sided."""
    table = [[count, total - count] for count, total in (now, base)]
    return float(fisher_exact(table).pvalue)


def rates_differ(now: float, base: float, exposure_now: float, exposure_base: float) -> float:
    """The p-value that two rates of events are the same.

    Exact and two-sided: given the sum of both, `now` is binomial (Przyborowski and Wilenski 1940).
    """
    if not now + base:
        return 1.0
    expected = exposure_now / (exposure_now + exposure_base)
    return float(binomtest(round(now), round(now + base), expected).pvalue)


def with_intervals(measures: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`measures` with `low, high` (chance) and `bound_low, bound_high` (unlocated cases).

    Shares have Wilson intervals, rates of cases Poisson ones; a published figure without counts
    and a percentage of residents (a full count, not a sample of events) have neither. The bounds
    are the value if none, and if all, of the unlocated cases that could lie in the group did. In a
    share a case joins the city too, so the lower bound has all of them elsewhere in it, also those
    that cannot lie in the group.
    """
    indicators = {indicator.id: indicator for _, indicator in policy.indicators()}
    whole = measures.filter(pl.col("group") == CITY).select("indicator", "period", "unlocated")
    in_city = {(indicator, period): lost for indicator, period, lost in whole.iter_rows()}
    rows = []
    for row in measures.iter_rows(named=True):
        indicator, count, total = indicators[row["indicator"]], row["numerator"], row["denominator"]
        low = high = bound_low = bound_high = None
        of_cases = isinstance(indicator.numerator, CaseCount)
        if of_cases and row["value"] is not None and count is not None and total:
            if indicator.kind == "share":
                low, high = wilson(count, total, policy.confidence)
            else:
                low, high = (end / total for end in poisson_interval(count, policy.confidence))
            lost = row["unlocated"], in_city.get((row["indicator"], row["period"]))
            bound_low, bound_high = bounds(indicator, row["group"], count, total, *lost)
        rows.append((low, high, bound_low, bound_high))
    names = ("low", "high", "bound_low", "bound_high")
    ends = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64), orient="row")
    return pl.concat([measures, ends], how="horizontal")


def bounds(
    indicator: Indicator,
    group: str,
    count: float,
    total: float,
    unlocated: int | None,
    in_city: int | None,
) -> tuple[float | None, float | None]:
    """The value if none and if all of `unlocated` lay in the group; null for single areas.

    `in_city`: how many could lie in the city at all. Those that cannot lie in the group can lie
    elsewhere in the city, or in another municipality.
    """
    if unlocated is None:
        return None, None
    if indicator.kind == "share" and group in (AREAS, REST):
        elsewhere = unlocated if in_city is None else in_city
        return count / (total + elsewhere), (count + unlocated) / (total + unlocated)
    if group == CITY and indicator.kind == "share":
        return 1.0, 1.0
    return count / total, (count + unlocated) / total
