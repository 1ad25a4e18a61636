"""What the city must come to: the published figures, and counts of the mess around them.

Published are 2016, 2020 and 2023. The years between are ours, drawn smoothly through those three.
"""

from __future__ import annotations

YEARS = tuple(range(2016, 2024))
FIRST_DOMUS_YEAR = 2021


def _percent(*values: float) -> dict[int, float]:
    return dict(zip(YEARS, values, strict=True))


def _counts(*values: int) -> dict[int, int]:
    return dict(zip(YEARS, values, strict=True))


AREA_NOTICES_PERCENT = _percent(1.40, 1.25, 1.10, 0.95, 0.80, 0.75, 0.70, 0.60)
"""Households with a notice in percent of the dwellings in the disadvantaged areas."""

CITY_NOTICES_PERCENT = _percent(0.60, 0.52, 0.44, 0.37, 0.30, 0.27, 0.24, 0.20)
"""The same for the whole city, the areas included."""

UNLOCATED = _counts(72, 88, 64, 95, 81, 126, 117, 110)
"""Notices that no reader can place, or that lie outside the city."""

NEIGHBOUR_SHARE = 25 / 110
"""The part of the unlocated that are correctly written addresses across the city border."""

OUTSIDE_YEAR = _counts(9, 6, 12, 7, 14, 15, 8, 11)
"""Notices in a file that are dated in the year before or after it."""

INVALID_DATES = 3
"""Duplicate notices in each file whose date cannot be read."""

GARBAGE_NUMBERS = 5
"""Duplicate notices in each file whose person number is none."""

AREA_MINORS = _counts(28, 26, 24, 22, 20, 17, 14, 11)
"""Unique persons of 15-17 brought to a preliminary hearing who live in the areas."""

CITY_MINORS = _counts(50, 47, 42, 38, 34, 31, 29, 26)
"""The same for the whole city, the areas included."""

LEAST_IN_AN_AREA = 9
"""Every area has at least this many households with a notice, every year."""

STREETS_IN_A_RODE = (4, 5, 5, 6)
"""Some 2,000 streets over 400 roder."""

ENTRANCES = 36_000
NEIGHBOUR_STREETS = 72
