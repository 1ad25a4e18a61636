"""Yearly lists by criteria."""

from __future__ import annotations

import polars as pl

from kvarter.lists.rules import make_lists
from kvarter.policy.lists import ListPolicy
from methods.spec import Example, Method, Origin, Row

_RULES = ListPolicy.model_validate(
    {
        "title": "t",
        "key_figures": {
            "file": "f",
            "place": "place",
            "year": "year",
            "region": "region",
            "residents": "residents",
            "nation": "the nation",
        },
        "regimes": [
            {
                "id": "r",
                "title": "r",
                "from": 2021,
                "source": "s",
                "criteria": [
                    {
                        "id": "work",
                        "title": "w",
                        "column": "no work",
                        "more_than": 40,
                        "average_of_years": 2,
                    },
                    {
                        "id": "convicted",
                        "title": "c",
                        "column": "convicted",
                        "at_least": 3,
                        "of": "nation",
                        "average_of_years": 2,
                    },
                ],
                "common": ["work", "convicted"],
                "lists": [{"id": "l", "title": "l", "at_least_criteria": 2}],
            }
        ],
    }
)


def _listed(rows: list[Row]) -> dict[str, object]:
    lists, _ = make_lists(pl.DataFrame(rows).with_columns(region=pl.lit(None, pl.String)), _RULES)
    now = lists.filter(pl.col("year") == 2023)
    return dict(now.select("place", "on_list").iter_rows())


def _row(place: str, year: int, residents: int | None, work: float, convicted: float) -> Row:
    return {
        "place": place,
        "year": year,
        "residents": residents,
        "no work": work,
        "convicted": convicted,
    }


METHODS = [
    Method(
        "Yearly lists",
        "Is a place on a list under the rules of the year?",
        "Each criterion compares a figure, or the mean of several years, with a threshold: itself, "
        "so many times the nation's, or so many percent of the region's. A list asks for enough "
        "residents, enough criteria, and what else it names. An answer that cannot be told matters "
        "only where it decides (three-valued logic).",
        "Almenboligloven, sections 61 a and 61 b (LBK 1171 of 11 November 2024), of which "
        "`examples/national-lists` has the regimes since 2010; Kleene (1952), *Introduction to "
        "Metamathematics*, sect. 64.",
        "The key figures are those of the law's definitions; this is not looked into.",
        make_lists,
        [
            Example(
                "More than 40 percent without work, at least three times the nation's convicted, "
                "means of two years, 1,000 residents",
                [
                    _row("the nation", 2022, 5_900_000, 25, 0.8),
                    _row("the nation", 2023, 5_900_000, 25, 0.8),
                    _row("a", 2022, 1_200, 46, 2.4),
                    _row("a", 2023, 1_200, 36, 2.4),
                    _row("b", 2022, 1_200, 40, 3.0),
                    _row("b", 2023, 1_200, 40, 3.0),
                    _row("c", 2022, 1_040, 50, 3.0),
                    _row("c", 2023, 966, 50, 3.0),
                ],
                _listed,
                {"a": "True", "b": "False", "c": "False"},
                "by hand: a has 41 and 2.4; b has 40, which is not more; c is too small",
            ),
            Example(
                "Mjølnerparken 2023: on no list, with 966 residents as told then; the other key "
                "figures are made up, and a twin with 1,000 residents is on it",
                [
                    _row("the nation", 2022, 5_900_000, 25, 0.8),
                    _row("the nation", 2023, 5_900_000, 25, 0.8),
                    _row("Mjølnerparken", 2022, None, 45, 3.0),
                    _row("Mjølnerparken", 2023, 966, 45, 3.0),
                    _row("its twin", 2022, None, 45, 3.0),
                    _row("its twin", 2023, 1_000, 45, 3.0),
                ],
                _listed,
                {"Mjølnerparken": "False", "its twin": "True"},
                "966 as told by the press (BT, December 2023); almenboligloven, section 61 a "
                "(3): at least 1,000 residents",
                Origin.PUBLISHED,
            ),
        ],
    ),
]
