"""Directions over the years, gaps to the city, and bridges over a break."""

from __future__ import annotations

from kvarter.judgement.breaks import Overlap
from kvarter.judgement.figures import Figure
from kvarter.judgement.trend import Point, rate_trend, share_trend
from kvarter.judgement.versus import Against
from methods.spec import Example, Method, Row


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
    found = Against.of(base, now, "city", 0.95)
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


METHODS = [
    Method(
        "Direction of a rate",
        "Does a rate of events go one way over the years, beyond what chance gives?",
        "Given all the events, each falls in a year with the chance that the year's denominator "
        "gives it. The statistic is the sum of their years; its distribution, that of one event to "
        "the power of their number, is found exactly. Twice the smaller tail.",
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
        ],
    ),
    Method(
        "Direction of a share",
        "Does a share go one way over the years, beyond what chance gives?",
        "Given each year's cases and how many of them all lay in the areas, these are drawn "
        "without replacement. The statistic is the sum of their years. Twice the smaller tail; "
        "above 150 cases by the normal approximation.",
        "Armitage (1955), *Biometrics* 11:375, in its exact form.",
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
        ],
    ),
]
