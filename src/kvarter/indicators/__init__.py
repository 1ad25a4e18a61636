"""Cases and statistics -> the cube, and the measures that are sums of it."""

from kvarter.indicators.amounts import Places, Quantities, columns_wanted
from kvarter.indicators.criteria import Cells, note_split, read_criteria
from kvarter.indicators.cube import Amounts, Cube
from kvarter.indicators.lost import Lost, lost_years, note_lost, without_lost
from kvarter.indicators.measures import Measured, measure_all

__all__ = [
    "Amounts",
    "Cells",
    "Cube",
    "Lost",
    "Measured",
    "Places",
    "Quantities",
    "columns_wanted",
    "lost_years",
    "measure_all",
    "note_lost",
    "note_split",
    "read_criteria",
    "without_lost",
]
