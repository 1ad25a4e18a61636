"""The methods, each told once: what it asks, how it is worked out, from where, and examples.

`tests/test_methods.py` runs every example; `make docs` makes `docs/methods.md` of them. So what the
handbook says has been computed, and what is computed stands in the handbook.
"""

from methods import (
    attack,
    changes,
    designation,
    disclosure,
    distance,
    distance_change,
    funnel,
    imputation,
    intervals,
    interventions,
    missing,
    scatter,
    series,
    verdicts,
)
from methods.spec import Method

CHAPTERS: dict[str, list[Method]] = {
    "Intervals for chance": intervals.METHODS + changes.METHODS + scatter.METHODS,
    "Years, city and case systems": series.METHODS,
    "Cases that could not be located": missing.METHODS + imputation.METHODS,
    "What would turn a verdict": verdicts.METHODS,
    "Areas beside their average": funnel.METHODS,
    "Interventions": interventions.METHODS,
    "The distance measure": distance.METHODS + distance_change.METHODS,
    "Yearly lists": designation.METHODS,
    "Disclosure": disclosure.METHODS + attack.METHODS,
}
"""The chapters of the handbook, in order."""
