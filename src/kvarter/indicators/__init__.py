"""Cases over a denominator -> measures, by year and group."""

from kvarter.indicators.count import Amounts, Unlocated, measure
from kvarter.indicators.quantities import Measured, Note, Places, columns_wanted, measure_all

__all__ = [
    "Amounts",
    "Measured",
    "Note",
    "Places",
    "Unlocated",
    "columns_wanted",
    "measure",
    "measure_all",
]
