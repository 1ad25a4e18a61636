"""Cases over a denominator -> measures, by year and group."""

from kvarter.indicators.count import Amounts, Unlocated, measure
from kvarter.indicators.quantities import Measured, Places, measure_all

__all__ = ["Amounts", "Measured", "Places", "Unlocated", "measure", "measure_all"]
