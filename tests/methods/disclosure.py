"""What may be shown, and what can be told instead of what may not."""

from __future__ import annotations

import polars as pl

from kvarter.areas.groups import Group
from kvarter.disclosure.alternatives import alternatives
from kvarter.disclosure.primary import all_or_none, dominated, too_few
from kvarter.disclosure.rounding import rounded
from kvarter.engine import Engine
from kvarter.indicators import Amounts, Cube
from kvarter.indicators.amounts import with_areas_together
from kvarter.policy.model import Disclosure, Indicator, Policy
from methods.copenhagen import INDICATORS, POLICY
from methods.spec import Example, InStatus, Method, Origin, Row

_RULES = Disclosure()
_NOTICES = INDICATORS["eviction-notices-per-dwelling"]


def _with(rules: Disclosure) -> tuple[Policy, Indicator]:
    """Copenhagen's policy with notices alone, under other rules."""
    notices = _NOTICES.model_copy(update={"disclosure": rules})
    goal = POLICY.goals[0].model_copy(update={"indicators": [notices]})
    return POLICY.model_copy(update={"goals": [goal]}), notices


def _results(rows: list[Row]) -> pl.DataFrame:
    """Counts of areas as a status has them."""
    counts = pl.Series([float(row["count"]) for row in rows])
    blank = pl.lit(None, pl.Float64)
    return pl.DataFrame({"group": [row["area"] for row in rows], "numerator": counts}).with_columns(
        indicator=pl.lit(_NOTICES.id),
        period=pl.lit(2016),
        denominator=pl.lit(4_000.0),
        value=pl.col("numerator") / 4_000,
        origin=pl.lit("computed"),
        shown=pl.lit(True),
        low=blank,
        high=blank,
        bound_low=blank,
        bound_high=blank,
    )


def _rounded(rows: list[Row]) -> dict[str, object]:
    policy, _ = _with(Disclosure(rounding=5))
    told, widths = rounded(_results(rows), policy)
    wide = {group: width for _, _, group, width, _ in widths}
    counts = told.select("group", "numerator").iter_rows()
    return {group: f"{count:.0f} ({wide[group]:.0f} wide)" for group, count in counts}


def _together(rows: list[Row]) -> dict[str, object]:
    lies_in = pl.DataFrame(
        [(row["place"], "2017", area) for row in rows for area in row["areas"].split()],
        schema=["place", "area_set", "area"],
        orient="row",
    )
    policy, _ = _with(Disclosure(coarser={"both": ["moellevangen", "ved-boegeparken"]}))
    counted = pl.DataFrame(rows).select("place", amount="count", year=2018)
    amounts = Amounts(counted, with_areas_together(lies_in, policy))
    cube = Cube.of(Engine(), {"notices": (amounts, None)})
    areas = ["both", "ved-fyrtaarnet"]
    sums = cube.sums("notices", [Group("2017", area) for area in areas])
    return {areas[at]: number for at, number in sums.select("group", "numerator").iter_rows()}


def _lost(rows: list[Row]) -> dict[str, object]:
    table = alternatives(_results(rows), _results(rows), POLICY)
    return {
        row["method"]: f"{row['cases_told']:.0f} told, {row['mean_error']:.2f} off, "
        f"at most {row['largest_error']:.0f}"
        for row in table.iter_rows(named=True)
    }


METHODS = [
    Method(
        "Few people",
        "Is this count too small to be told?",
        "1 <= count < threshold; five unless the policy says otherwise. Zero is told.",
        "Hundepool et al. (2012), *Statistical Disclosure Control*, ch. 4 (minimum frequency).",
        "A count of fewer people could be recognised by those who know the place.",
        too_few,
        [
            Example(
                "Of 4 and of 5",
                [{"count": 4}, {"count": 5}],
                lambda rows: {
                    "first": too_few(rows[0]["count"], _RULES),
                    "second": too_few(rows[1]["count"], _RULES),
                },
                {"first": "True", "second": "False"},
            ),
            Example(
                "Minors of the areas 2023, who are told; and notices of 2018 where Møllevangen and "
                "Ved Bøgeparken overlap, in the example city, which are not",
                [{"count": 11}, {"count": 1}],
                lambda rows: {
                    "first": too_few(rows[0]["count"], _RULES),
                    "second": too_few(rows[1]["count"], _RULES),
                },
                {"first": "False", "second": "True"},
                "by hand: 11 is five or more; 1 is less",
                Origin.PUBLISHED,
            ),
        ],
    ),
    Method(
        "None or all of a small group",
        "Does the figure say something of each person of a small group?",
        "A share of 0 or 100 % of fewer people than `smallest_group`, 20 unless the policy says "
        "otherwise.",
        "Hundepool et al. (2012), ch. 5 (group attribute disclosure).",
        "Who belongs to the group is known to others.",
        all_or_none,
        [
            Example(
                "None of 12, and none of 26",
                [{"value": 0.0, "denominator": 12}, {"value": 0.0, "denominator": 26}],
                lambda rows: {
                    "first": all_or_none(rows[0], _RULES),
                    "second": all_or_none(rows[1], _RULES),
                },
                {"first": "True", "second": "False"},
            ),
            Example(
                "11 of the 26 minors of 2023, and what if all 11 had been all there were",
                [{"value": 11 / 26, "denominator": 26}, {"value": 1.0, "denominator": 11}],
                lambda rows: {
                    "first": all_or_none(rows[0], _RULES),
                    "second": all_or_none(rows[1], _RULES),
                },
                {"first": "False", "second": "True"},
                "by hand: 42 % is neither none nor all; 11 are fewer than 20",
                Origin.PUBLISHED,
            ),
        ],
    ),
    Method(
        "Dominance (the p-percent rule)",
        "Could the second largest contributor to an amount guess the largest?",
        "Sensitive where total - largest - second < p/100 x largest.",
        "Hundepool et al. (2012), ch. 4.2.",
        "Contributors know their own amount and the total, and do not work together.",
        dominated,
        [
            Example(
                "80, 15 and 5 of 100, with p = 10 percent: 5 < 8",
                [{"total": 100, "largest": 80, "second": 15, "percent": 10}],
                lambda rows: {"sensitive": dominated(**rows[0])},
                {"sensitive": "True"},
            ),
            Example(
                "Ground in square metres: Amager/Sundby of three areas, Urbanplanen the largest",
                [{"total": 1_439_168, "largest": 1_059_379, "second": 292_211, "percent": 10}],
                lambda rows: {"sensitive": dominated(**rows[0])},
                {"sensitive": "True"},
                "by hand: 87,578 < 105,938; the city's open layer of areas",
                Origin.PUBLISHED,
            ),
            Example(
                "The same of Valby/Sydhavnen, of four areas: not sensitive",
                [{"total": 3_843_950, "largest": 2_553_556, "second": 563_796, "percent": 10}],
                lambda rows: {"sensitive": dominated(**rows[0])},
                {"sensitive": "False"},
                "by hand: 726,598 > 255,356; the city's open layer of areas",
                Origin.PUBLISHED,
            ),
        ],
    ),
    Method(
        "Instead of hiding: rounding",
        "What is told of a single area, if its counts are rounded and none is hidden?",
        "The nearest multiple of the base, halves upwards: floor((count + floor(base/2))/base) x "
        "base. The share is of the rounded count; intervals are left out. All counts that round to "
        "it must stay possible, which the attacker tries: base - 1 between the least and the most, "
        "or base - 1 - floor(base/2) where 0 is told.",
        "Hundepool et al. (2012), ch. 5 (conventional rounding).",
        "Areas together, rest and city are told exactly, so that rounded areas need not add up.",
        rounded,
        [
            Example(
                "Notices 2016 of four areas, and an area with 2 that is made up, to multiples of 5",
                [
                    {"area": "moellevangen", "count": 54},
                    {"area": "ved-boegeparken", "count": 49},
                    {"area": "gaasetoften", "count": 50},
                    {"area": "stjernegaarden", "count": 38},
                    {"area": "made-up", "count": 2},
                ],
                _rounded,
                {
                    "moellevangen": "55 (4 wide)",
                    "ved-boegeparken": "50 (4 wide)",
                    "gaasetoften": "50 (4 wide)",
                    "stjernegaarden": "40 (4 wide)",
                    "made-up": "0 (2 wide)",
                },
                "by hand: 53 to 57 round to 55, and 0 to 2 to 0",
                Origin.EXAMPLE,
            ),
        ],
    ),
    Method(
        "Instead of hiding: areas told together",
        "What is told, if small areas are told as one?",
        "A place belongs to the areas together if it belongs to any of them, and counts once.",
        "Hundepool et al. (2012), ch. 5 (table redesign).",
        "What was told before of the single areas stays known; the attacker knows it.",
        with_areas_together,
        [
            Example(
                "Notices 2018 of Møllevangen and Ved Bøgeparken, which share one: 95, not 96",
                [
                    {"place": "in moellevangen only", "areas": "moellevangen", "count": 49},
                    {"place": "overlap", "areas": "moellevangen ved-boegeparken", "count": 1},
                    {"place": "in ved-boegeparken only", "areas": "ved-boegeparken", "count": 45},
                    {"place": "elsewhere", "areas": "ved-fyrtaarnet", "count": 28},
                ],
                _together,
                {"both": "95", "ved-fyrtaarnet": "28"},
                "by hand: 50 + 46 - 1",
                Origin.EXAMPLE,
            ),
        ],
    ),
    Method(
        "What each way loses",
        "How much is told, and how far from the truth, by hiding and by rounding?",
        "Areas and cases told; and the mean and the largest difference between a count and what is "
        "told of it.",
        "Hundepool et al. (2012), ch. 5 (information loss).",
        "It is for the analyst to choose by; it stays in the house.",
        alternatives,
        [
            Example(
                "Notices 2016, all sixteen areas",
                [
                    {"area": f"area {number}", "count": count}
                    for number, count in enumerate(
                        [54, 49, 53, 72, 53, 38, 48, 71, 71, 50, 40, 50, 50, 64, 48, 38], start=1
                    )
                ],
                _lost,
                {
                    "hide": "849 told, 0.00 off, at most 0",
                    "round to 3": "849 told, 0.75 off, at most 1",
                    "round to 5": "849 told, 1.19 off, at most 2",
                    "round to 10": "849 told, 1.69 off, at most 4",
                },
                "by hand: 12, 19 and 27 off together, over 16",
                Origin.EXAMPLE,
            ),
        ],
        [
            InStatus(
                "What hiding loses in 2018",
                "internal/alternatives",
                {
                    "indicator": "eviction-notices-per-dwelling",
                    "period": 2018,
                    "method": "hide",
                },
                {"areas": "16", "areas_told": "15", "cases_told": "658"},
                "by hand: 685 in the areas and one of them in two is 686, less the 28 hidden",
            ),
        ],
    ),
]
