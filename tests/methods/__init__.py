"""The methods, each told once: what it asks, how it is worked out, from where, and examples.

`tests/test_methods.py` runs every example; `make docs` makes `docs/methods.md` of them. So what the
handbook says has been computed, and what is computed stands in the handbook.
"""

from methods import designation, disclosure, distance, intervals, interventions, missing, series
from methods.spec import Method

CHAPTERS: dict[str, list[Method]] = {
    "Intervals for chance": intervals.METHODS,
    "Years, city and case systems": series.METHODS,
    "Cases that could not be located": missing.METHODS,
    "Interventions": interventions.METHODS,
    "The distance measure": distance.METHODS,
    "Yearly lists": designation.METHODS,
    "Disclosure": disclosure.METHODS,
}
"""The chapters of the handbook, in order."""
