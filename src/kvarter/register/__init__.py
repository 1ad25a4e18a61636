"""The official address register, and statistics by place such as the dwelling stock."""

from kvarter.register.build import BuiltRegister, Format, build_register
from kvarter.register.columns import COLUMNS, write_register
from kvarter.register.entrances import entrances_of
from kvarter.register.plain import ADDRESS, MAPPED, with_ids
from kvarter.register.read import ReadRegister, open_register, read_register
from kvarter.register.statistics import ReadStatistic, read_statistic

__all__ = [
    "ADDRESS",
    "COLUMNS",
    "MAPPED",
    "BuiltRegister",
    "Format",
    "ReadRegister",
    "ReadStatistic",
    "build_register",
    "entrances_of",
    "open_register",
    "read_register",
    "read_statistic",
    "with_ids",
    "write_register",
]
