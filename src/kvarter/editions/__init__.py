"""What a run leaves in a folder: written, opened again, put on record as published, traced.

`Edition` is what everybody may see; `InternalEdition` has the rows and the exact figures as well.
"""

from kvarter.editions.edition import Edition
from kvarter.editions.folder import (
    find_edition,
    open_edition,
    open_internal,
    save_edition,
    save_internal,
)
from kvarter.editions.geography import Geography
from kvarter.editions.internal import InternalEdition

__all__ = [
    "Edition",
    "Geography",
    "InternalEdition",
    "find_edition",
    "open_edition",
    "open_internal",
    "save_edition",
    "save_internal",
]
