"""Directions over the years, gaps to the city, and bridges over a break."""

from __future__ import annotations

from kvarter.judgement.breaks import Overlap, bridged
from kvarter.judgement.dispersion import BY_CHANCE
from kvarter.judgement.figures import Figure
from kvarter.judgement.trend import Point, rate_trend, share_trend
from kvarter.judgement.versus import Against
from methods.spec import Example, InStatus, Method, Origin, Row


def _points(rows: list[Row]) -> list[Point]:
    return [Point(row["year"], row["count"], row["total"]) for row in rows]


def _figures(row: Row) -> dict[str, Figure]:
    own, whole = (row["areas"], row["dwellings"]), (row["city"], row["city dwellings"])
    rest = whole[0] - own[0], whole[1] - own[1]
    return {
        group: Figure(count / total, count, total)
        for group, (count, total) in (("areas", own), ("rest", rest), ("city", whole))
    }


def _against(rows: list[Row]) -> dict[str, object]:
    base, now = map(_figures, rows)
    found = Against.of(base, now, "city", (0.95, BY_CHANCE))
    assert found and found.gap_then and found.gap_now and found.ratio_then and found.ratio_now
    assert found.beyond_points and found.beyond_points.span
    assert found.beyond_times and found.beyond_times.span
    return {
        "gap then": found.gap_then.value,
        "gap now": found.gap_now.value,
        "ratio then": found.ratio_then.value,
        "ratio now": found.ratio_now.value,
        "beyond in points": found.beyond_points.value,
        "points low": found.beyond_points.span[0],
        "points high": found.beyond_points.span[1],
        "beyond in times": found.beyond_times.value,
        "times low": found.beyond_times.span[0],
        "times high": found.beyond_times.span[1],
    }


def _bridge(rows: list[Row]) -> dict[str, object]:
    [row] = rows
    found = Overlap(row["in both"], row["only old"], row["only new"]).factor(0.95)
    assert found
    return {"factor": found[0], "low": found[1][0], "high": found[1][1]}


_WORD = {True: "yes", False: "no", None: "cannot be told"}


def _against_published(rows: list[Row]) -> dict[str, object]:
    """Of percentages with one decimal alone: the figures, and all that their rounding leaves."""
    base, now = (
        {group: Figure(row[group] / 100, None, None) for group in ("areas", "city")} for row in rows
    )
    found = Against.of(base, now, "city", (0.95, BY_CHANCE))
    assert found and found.gap_then and found.gap_now and found.ratio_then and found.ratio_now
    assert found.beyond_times and found.beyond_times.rounded
    return {
        "gap then": found.gap_then.value,
        "gap now": found.gap_now.value,
        "ratio then": found.ratio_then.value,
        "ratio now": found.ratio_now.value,
        "beyond in times": found.beyond_times.value,
        "rounded low": found.beyond_times.rounded[0],
        "rounded high": found.beyond_times.rounded[1],
        "areas fell more": _WORD[found.did_more(falling=True)],
    }


def _bridged(rows: list[Row]) -> dict[str, object]:
    """The change of `then` to `now`, had `then` been counted in the new system."""
    found = {}
    for row in rows:
        factor = _bridge([row])["factor"]
        assert isinstance(factor, float)
        change = 100 * (row["now"] / row["then"] - 1)
        moved, _ = bridged(change, None, {"factor": factor, "factor_low": 0, "factor_high": 0})
        found[f"change at {factor:.2f}"] = moved
    return dict(found)


METHODS = [
    Method(
        "Direction of a rate",
        "Does a rate of events go one way over the years, beyond what chance gives?",
        "Given all the events, each falls in a year with the chance that the year's denominator "
        "gives it. The statistic is the sum of their years; its distribution, that of one event to "
        "the power of their number, is found exactly. Twice the smaller tail; the interval of the "
        "factor a year holds those that either tail allows. Above 150 events the mean and the "
        "variance of the statistic are enough.",
        "Cox and Lewis (1966), *The Statistical Analysis of Series of Events*, ch. 3.",
        "Events are independent; the series has no break.",
        rate_trend,
        [
            Example(
                "Two years, the same exposure, 1 and 9 events: the exact test of two rates",
                [
                    {"year": 2016, "count": 1, "total": 100},
                    {"year": 2017, "count": 9, "total": 100},
                ],
                lambda rows: {"p": rate_trend(_points(rows))},
                {"p": "0.0215"},
                "2 x 11/1024",
            ),
            Example(
                "Three years, 2, 1 and 0 events of the same exposure: of the 27 ways, 4 have so "
                "small a sum of years",
                [
                    {"year": 2016, "count": 2, "total": 100},
                    {"year": 2017, "count": 1, "total": 100},
                    {"year": 2018, "count": 0, "total": 100},
                ],
                lambda rows: {"p": rate_trend(_points(rows))},
                {"p": "0.2963"},
                "counted by hand: 2 x 4/27",
            ),
            Example(
                "Minors of the areas in preliminary hearings, as numbers: they fell",
                [
                    {"year": 2016, "count": 28, "total": 1},
                    {"year": 2020, "count": 20, "total": 1},
                    {"year": 2023, "count": 11, "total": 1},
                ],
                lambda rows: {"p": rate_trend(_points(rows))},
                {"p": "0.0078"},
                "all 1,830 ways in which 59 can be parted over three years, added up by a "
                "separate program; the report tells a direction from four years on",
                Origin.PUBLISHED,
            ),
        ],
        [
            InStatus(
                "Notices per dwelling of the areas 2016-2020, until the case system changed",
                "trends",
                {"goal": 2, "group": "areas", "case_system": "KSS", "of": "value"},
                {
                    "direction": "falls",
                    "per_year": "-12.86",
                    "per_year_low": "-14.93",
                    "per_year_high": "-10.75",
                },
                "percent a year; 849, 770, 685, 599 and 512 notices of 60,665, 61,660, 62,249, "
                "63,105 and 64,048 dwellings, in a Poisson regression solved by Newton's method",
            ),
        ],
    ),
    Method(
        "Direction of a share",
        "Does a share go one way over the years, beyond what chance gives?",
        "Given each year's cases and how many of them all lay in the areas, these are drawn "
        "without replacement, with odds that grow by a factor a year. The statistic is the sum of "
        "their years. Twice the smaller tail; the interval of the factor holds those that either "
        "tail allows. Above 150 cases by a logistic regression.",
        "Armitage (1955), *Biometrics* 11:375, in its exact form; Hirji, Mehta and Patel (1987), "
        "*JASA* 82:1110.",
        "Cases are independent; the series has no break.",
        share_trend,
        [
            Example(
                "Two years are Fisher's test, by its smaller tail twice",
                [
                    {"year": 2016, "count": 3, "total": 4},
                    {"year": 2017, "count": 1, "total": 4},
                ],
                lambda rows: {"p": share_trend(_points(rows))},
                {"p": "0.4857"},
                "2 x 17/70",
            ),
            Example(
                "The areas' share of the minors in preliminary hearings: no direction",
                [
                    {"year": 2016, "count": 28, "total": 50},
                    {"year": 2020, "count": 20, "total": 34},
                    {"year": 2023, "count": 11, "total": 26},
                ],
                lambda rows: {"p": share_trend(_points(rows))},
                {"p": "0.3862"},
                "C(50, a) C(34, b) C(26, c)/C(110, 59), added up over all a + b + c = 59 with so "
                "small a sum of years",
                Origin.PUBLISHED,
            ),
        ],
        [
            InStatus(
                "The same over all eight years: 162 minors, so by the regression",
                "trends",
                {"goal": 5, "group": "areas", "of": "value"},
                {
                    "direction": "unclear",
                    "p_value": "0.290",
                    "per_year": "-5.3",
                    "per_year_low": "-14.5",
                    "per_year_high": "4.8",
                },
                "Armitage's formula by hand gives p = 0.2891, and all the ways counted exactly "
                "0.3023; percent a year of the odds, by Newton's method",
            ),
        ],
    ),
    Method(
        "The areas against the city (difference in differences)",
        "Did the areas move further than the city, or merely follow it?",
        "In points: (areas now - city now) - (areas then - city then). Relatively: (areas now / "
        "city now) / (areas then / city then). Intervals against the rest, carried over by areas - "
        "city = (1 - w)(areas - rest) and areas/city = r / (w r + 1 - w).",
        "Zou and Donner (2008) for the intervals; the identities are exact.",
        "Without the policy, areas and city would have moved alike: in points for the one, "
        "relatively for the other. Both cannot be true, so both are shown.",
        Against.of,
        [
            Example(
                "Eviction notices of the example: the gap halved, and the areas fell behind",
                [
                    {"areas": 849, "dwellings": 60665, "city": 1800, "city dwellings": 299917},
                    {"areas": 396, "dwellings": 65972, "city": 658, "city dwellings": 328820},
                ],
                _against,
                {
                    "gap then": "0.80",
                    "gap now": "0.40",
                    "ratio then": "2.3",
                    "ratio now": "3.0",
                    "beyond in points": "-0.40",
                    "points low": "-0.49",
                    "points high": "-0.31",
                    "beyond in times": "1.29",
                    "times low": "1.19",
                    "times high": "1.39",
                },
                "by hand: 1.3995 - 0.6002 and 0.6003 - 0.2001; 2.3318 and 2.9996, and one over the "
                "other; the intervals from Byar's and the log method's by the formulas above",
                Origin.EXAMPLE,
            ),
            Example(
                "The published percentages alone: the rounding leaves open who fell more",
                [{"areas": 1.4, "city": 0.6}, {"areas": 0.6, "city": 0.2}],
                _against_published,
                {
                    "gap then": "0.8",
                    "gap now": "0.4",
                    "ratio then": "2.3",
                    "ratio now": "3.0",
                    "beyond in times": "1.29",
                    "rounded low": "0.83",
                    "rounded high": "2.09",
                    "areas fell more": "cannot be told",
                },
                "by hand: (0.55/0.25)/(1.45/0.55) and (0.65/0.15)/(1.35/0.65); in points they did, "
                "as a gap of 0.7 to 0.9 became one of 0.3 to 0.5",
                Origin.PUBLISHED,
            ),
        ],
    ),
    Method(
        "The bridge between two case systems",
        "How many cases does the new system have for one of the old, where both were in use?",
        "With a cases in both, b in the old only and c in the new only: (a + c)/(a + b), times and "
        "divided by exp(z x sqrt((b + c)/((a + b)(a + c)))).",
        "Lachin (2011), *Biostatistical Methods*, ch. 5 (ratio of matched proportions).",
        "What is found in one system only is so by chance, and the while of the overlap is like "
        "the years that are bridged.",
        Overlap.factor,
        [
            Example(
                "90 in both, 10 in the old only, 30 in the new only: 1.2 times",
                [{"in both": 90, "only old": 10, "only new": 30}],
                _bridge,
                {"factor": "1.20", "low": "1.07", "high": "1.34"},
                "by hand: exp(1.96 x sqrt(40/12000))",
            ),
            Example(
                "Copenhagen's fall from 1.4 to 0.6 %, had the new system these cases for those of "
                "the old (the overlaps are made up; none is published, and the example has none)",
                [
                    {"then": 1.4, "now": 0.6, "in both": 90, "only old": 10, "only new": 30},
                    {"then": 1.4, "now": 0.6, "in both": 60, "only old": 40, "only new": 0},
                    {"then": 1.4, "now": 0.6, "in both": 56, "only old": 44, "only new": 0},
                ],
                _bridged,
                {
                    "change at 1.20": "-64.3",
                    "change at 0.60": "-28.6",
                    "change at 0.56": "-23.5",
                },
                "by hand: (0.6/1.4)/1.2 = 0.357, /0.6 = 0.714, /0.56 = 0.765; the fall of 25 % "
                "asked for would be missed if the new system had fewer than 57 for 100 of the old",
                Origin.PUBLISHED,
            ),
        ],
    ),
]
