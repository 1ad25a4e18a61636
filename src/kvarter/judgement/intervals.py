"""How sure a figure is: intervals for chance, and bounds for the cases that were not located.

One method gives every interval of a change, a gap or a ratio: that of variance estimates recovery
(Newcombe 1998; Zou and Donner 2008; Newcombe 2016 for ratios), from the interval of each part. It
holds where none or all are counted, and its difference is zero exactly where its ratio is one. That
nothing changed is tested by the same method, and by an exact test: a change is taken for more than
chance only where both say so. So an interval holds no change if, and only if, the test allows it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from kvarter.judgement.dispersion import BY_CHANCE, Dispersion, Dispersions
from kvarter.judgement.figures import Span
from kvarter.judgement.quantiles import gamma_quantile, quantile
from kvarter.policy.model import AREAS, CITY, REST, CaseCount, Indicator, Policy

_EXACT_BELOW = 10
_SMALLEST_TOLD = 1e-9


def wilson(count: float, total: float, confidence: float) -> Span:
    """Interval of a proportion (Wilson 1927), as fractions."""
    z, found = -quantile((1 - confidence) / 2), count / total
    middle = (count + z * z / 2) / (total + z * z)
    half = z / (total + z * z) * math.sqrt(total * found * (1 - found) + z * z / 4)
    # None and all are ends themselves; the last digit of a root is not to leave them out.
    return min(max(middle - half, 0.0), found), max(min(middle + half, 1.0), found)


def poisson_interval(count: float, confidence: float) -> Span:
    """Interval of a count of events: exact below 10 (Garwood 1936), else Byar's approximation.

    Byar's: Breslow and Day (1987), Statistical Methods in Cancer Research II, p. 69.
    """
    tail = (1 - confidence) / 2
    if count < _EXACT_BELOW:
        low = gamma_quantile(count, tail) if count else 0.0
        return low, gamma_quantile(count + 1, 1 - tail)
    z = -quantile(tail)
    upper = count + 1
    return (
        count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3,
        upper * (1 - 1 / (9 * upper) + z / (3 * math.sqrt(upper))) ** 3,
    )


@dataclass(frozen=True)
class Counted:
    """A count and what it is of: cases of all cases of a year (a share), or events of an exposure.

    Of an exposure, such as dwellings or years, the count can be any number of events.
    """

    count: float
    total: float
    is_share: bool = False
    dispersion: Dispersion = BY_CHANCE

    @property
    def value(self) -> float:
        return self.count / self.total

    def span(self, confidence: float) -> Span:
        """Interval of the value: Wilson's of a share, that of a count of events of a rate.

        Of counts that scatter more than chance gives, it is that of the effective counts.
        """
        over = self.dispersion.inflation(confidence)
        count, total = self.count / over, self.total / over
        if self.is_share:
            return wilson(count, total, confidence)
        low, high = poisson_interval(count, confidence)
        return low / total, high / total


def difference(x: float, x_span: Span, y: float, y_span: Span) -> Span:
    """Interval of `x - y` from their own intervals, by the method of variance estimates recovery.

    Zou and Donner (2008), Statistics in Medicine 27:1693; of two shares it is method 10 of Newcombe
    (1998). `x` and `y` must be independent.
    """
    low = math.hypot(x - x_span[0], y_span[1] - y)
    high = math.hypot(x_span[1] - x, y - y_span[0])
    return x - y - low, x - y + high


def quotient(x: float, x_span: Span, y: float, y_span: Span) -> Span:
    """Interval of `x / y` from their own intervals: the ratios r of which x - r y can be zero.

    Newcombe (2016), Statistical Methods in Medical Research 25:1774 (MOVER-R), after Donner and Zou
    (2012). `x` and `y` must be independent and not below zero. The upper end is infinite where `y`
    can be zero.
    """
    product = x * y
    below, over = x_span[0] * (2 * x - x_span[0]), y_span[1] * (2 * y - y_span[1])
    low = below / (product + _root(product**2 - over * below)) if below else 0.0
    above, under = x_span[1] * (2 * x - x_span[1]), y_span[0] * (2 * y - y_span[0])
    return low, (product + _root(product**2 - under * above)) / under if under else math.inf


def _root(square: float) -> float:
    return math.sqrt(max(0.0, square))


def ratio(x: float, x_span: Span, y: float, y_span: Span) -> Span:
    """Interval of `x / y` from their own intervals: `difference` of the logarithms."""
    logs = [(math.log(v), (math.log(s[0]), math.log(s[1]))) for v, s in ((x, x_span), (y, y_span))]
    low, high = difference(*logs[0], *logs[1])
    return math.exp(low), math.exp(high)


def difference_between(now: Counted, base: Counted, confidence: float) -> Span:
    """Interval of a change as a difference; it holds zero where `no_change` can be chance."""
    parts = now.span(confidence), base.span(confidence)
    low, high = difference(now.value, parts[0], base.value, parts[1])
    if no_change(now, base) > 1 - confidence:
        return min(low, 0.0), max(high, 0.0)
    return low, high


def ratio_between(now: Counted, base: Counted, confidence: float) -> Span:
    """Interval of a change as a ratio; it holds one where `no_change` can be chance."""
    parts = now.span(confidence), base.span(confidence)
    low, high = quotient(now.value, parts[0], base.value, parts[1])
    if no_change(now, base) > 1 - confidence:
        return min(low, 1.0), max(high, 1.0)
    return low, high


@lru_cache(maxsize=10_000)
def no_change(now: Counted, base: Counted) -> float:
    """The p-value that nothing changed: by the interval or by the exact test, the larger of both.

    By the interval it is the share of chance at which that of the difference comes to end at zero.
    The exact test takes counts to scatter by chance alone, and is never the smaller for it.
    """
    exact = shares_differ if now.is_share else rates_differ
    return max(_by_interval(now, base), exact(now, base))


def _by_interval(now: Counted, base: Counted) -> float:
    from scipy.optimize import brentq  # all of it takes a quarter of a second

    less, more = sorted((now, base), key=lambda each: each.value)
    apart = more.value - less.value
    if not apart:
        return 1.0

    def left(log_p: float) -> float:
        """What is left of the difference by the nearer end of its interval."""
        confidence = -math.expm1(log_p)
        reach = less.span(confidence)[1] - less.value, more.value - more.span(confidence)[0]
        return apart - math.hypot(*reach)

    smallest, largest = math.log(_SMALLEST_TOLD), -1e-12
    if left(smallest) >= 0:
        return _SMALLEST_TOLD
    if left(largest) <= 0:
        return 1.0
    return float(math.exp(brentq(left, smallest, largest, xtol=1e-10)))


def shares_differ(now: Counted, base: Counted) -> float:
    """The p-value that two shares are the same: Fisher's exact test (1935), two-sided."""
    from scipy.stats import fisher_exact  # takes half a second

    table = [[each.count, each.total - each.count] for each in (now, base)]
    return float(fisher_exact(table).pvalue)


def rates_differ(now: Counted, base: Counted) -> float:
    """The p-value that two rates of events are the same.

    Exact and two-sided: given the sum of both, that of now is binomial (Przyborowski and Wilenski
    1940).
    """
    from scipy.stats import binomtest

    events = round(now.count + base.count)
    if not events:
        return 1.0
    expected = now.total / (now.total + base.total)
    return float(binomtest(round(now.count), events, expected).pvalue)


def with_intervals(
    measures: pl.DataFrame, policy: Policy, spread: Dispersions | None = None
) -> pl.DataFrame:
    """`measures` with `low, high` (chance) and `bound_low, bound_high` (unlocated cases).

    Shares have Wilson intervals, rates of cases Poisson ones; a published figure without counts
    and a percentage of residents (a full count, not a sample of events) have neither. The bounds
    are the value if none, and if all, of the unlocated cases that could lie in the group did. In a
    share a case joins the city too, so the lower bound has all of them elsewhere in it, also those
    that cannot lie in the group. `spread`: how counts scatter; by chance alone unless given.
    """
    spread = {} if spread is None else spread
    indicators = {indicator.id: indicator for _, indicator in policy.indicators()}
    whole = measures.filter(pl.col("group") == CITY).select("indicator", "period", "unlocated")
    in_city = {(indicator, period): lost for indicator, period, lost in whole.iter_rows()}
    rows = []
    for row in measures.iter_rows(named=True):
        indicator, count, total = indicators[row["indicator"]], row["numerator"], row["denominator"]
        low = high = bound_low = bound_high = None
        of_cases = isinstance(indicator.numerator, CaseCount)
        if of_cases and row["value"] is not None and count is not None and total:
            found = Counted(
                count, total, indicator.kind == "share", spread.get(indicator.id, BY_CHANCE)
            )
            low, high = found.span(policy.confidence)
            lost = row["unlocated"], in_city.get((row["indicator"], row["period"]))
            bound_low, bound_high = bounds(indicator, row["group"], (count, total), *lost)
        rows.append((low, high, bound_low, bound_high))
    names = ("low", "high", "bound_low", "bound_high")
    ends = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64), orient="row")
    return pl.concat([measures, ends], how="horizontal")


def widened(results: pl.DataFrame, policy: Policy, spread: Dispersions) -> pl.DataFrame:
    """`results`, as they are told, with intervals of counts that scatter by `spread`."""
    if not any(each.widens() for each in spread.values()):
        return results
    names = ["low", "high", "bound_low", "bound_high"]
    anew = with_intervals(results.drop(names), policy, spread)
    return results.with_columns(
        pl.when(pl.col(name).is_not_null()).then(anew[name]).alias(name) for name in ("low", "high")
    )


def bounds(
    indicator: Indicator,
    group: str,
    counts: tuple[float, float],
    unlocated: int | None,
    in_city: int | None,
) -> tuple[float | None, float | None]:
    """The value if none and if all of `unlocated` lay in the group; null for single areas.

    `counts`: numerator and denominator.

    `in_city`: how many could lie in the city at all. Those that cannot lie in the group can lie
    elsewhere in the city, or in another municipality.
    """
    count, total = counts
    if unlocated is None:
        return None, None
    if indicator.kind == "share" and group in (AREAS, REST):
        elsewhere = unlocated if in_city is None else in_city
        return count / (total + elsewhere), (count + unlocated) / (total + unlocated)
    if group == CITY and indicator.kind == "share":
        return 1.0, 1.0
    return count / total, (count + unlocated) / total
