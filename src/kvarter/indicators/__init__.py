"""Cases over a denominator -> measures, by year and group."""

from kvarter.indicators.amounts import Places, columns_wanted
from kvarter.indicators.count import Amounts, Unlocated, measure
from kvarter.indicators.criteria import Cells, note_split, read_criteria
from kvarter.indicators.lost import Lost, lost_years, note_lost, without_lost
from kvarter.indicators.measures import Measured, measure_all

__all__ = [
    "Amounts",
    "Cells",
    "Lost",
    "Measured",
    "Places",
    "Unlocated",
    "columns_wanted",
    "lost_years",
    "measure",
    "measure_all",
    "note_lost",
    "note_split",
    "read_criteria",
    "without_lost",
]
