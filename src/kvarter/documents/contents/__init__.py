"""What an edition says, free of how it looks: what documents, the site and others show.

In comes an `Edition` alone, out come plain values: words in the language asked for, and figures
that know which cells of the edition's tables they are. No HTML and no picture is made here, so that
a page, a Word file and an answer to a program say the same.
"""

from kvarter.documents.contents.about import About, about
from kvarter.documents.contents.ambition import AmbitionContents, ambition
from kvarter.documents.contents.areas import (
    AreaContents,
    AreaFigure,
    ByArea,
    area_contents,
    by_area,
)
from kvarter.documents.contents.cells import CellRef, Figure, Words, value_at, value_of
from kvarter.documents.contents.goals import GoalContents, Point, TargetContents, goals
from kvarter.documents.contents.missing import WhoIsMissing, who_is_missing
from kvarter.documents.contents.quality import QualityContents, quality
from kvarter.documents.contents.sure import Reason, Verdict

__all__ = [
    "About",
    "AmbitionContents",
    "AreaContents",
    "AreaFigure",
    "ByArea",
    "CellRef",
    "Figure",
    "GoalContents",
    "Point",
    "QualityContents",
    "Reason",
    "TargetContents",
    "Verdict",
    "WhoIsMissing",
    "Words",
    "about",
    "ambition",
    "area_contents",
    "by_area",
    "goals",
    "quality",
    "value_at",
    "value_of",
    "who_is_missing",
]
