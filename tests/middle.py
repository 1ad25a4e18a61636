"""What a run has in its middle and does not give back: caught by those tests that look there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from types import ModuleType
from typing import Any
from unittest import mock

import polars as pl

from kvarter.areas import AreaPolygons, Outline
from kvarter.disclosure import RowCounts
from kvarter.editions import InternalEdition
from kvarter.files import Profile
from kvarter.judgement import Judgement
from kvarter.pipeline import run as pipeline
from kvarter.pipeline import stages
from kvarter.pipeline.runner import Known
from kvarter.policy import Policy

GIVEN = fields(InternalEdition)


@dataclass(frozen=True)
class WithMiddle(InternalEdition):
    """The edition a run gives, and what it came from.

    judgement: as it is protected. as_told: the results as they are told, with all columns.
    row_counts: the rows of each kind of case, and what may be told of them.
    settled: `source, outcome, rows`; profiles: of each source's file.
    with_parts: the policy that says which kinds of case are part of which.
    areas, layers: as they were read.
    """

    judgement: Judgement = field(kw_only=True, repr=False)
    as_told: pl.DataFrame = field(kw_only=True, repr=False)
    row_counts: dict[str, RowCounts] = field(kw_only=True, repr=False)
    settled: pl.DataFrame = field(kw_only=True, repr=False)
    profiles: dict[str, Profile] = field(kw_only=True, repr=False)
    with_parts: Policy = field(kw_only=True, repr=False)
    areas: AreaPolygons = field(kw_only=True, repr=False)
    layers: dict[str, dict[str, Outline]] = field(kw_only=True, repr=False)

    def given(self) -> InternalEdition:
        """What the run gave back, alone."""
        return InternalEdition(**{each.name: getattr(self, each.name) for each in GIVEN})


def with_middle(run: Callable[[], InternalEdition]) -> WithMiddle:
    """What `run` gives, and what the stages of the pipeline gave one another on the way."""
    with watched(pipeline, "make") as gave, watched(stages, "words_held_back") as judged:
        made = run()
    known: Known = gave["make"]
    read, placed = known.of(stages.Read), known.of(stages.Placed)
    suppressed, ledger = known.of(stages.Suppressed), made.ledger
    by = ["source", "outcome", "reason"]
    return WithMiddle(
        **vars(made),
        judgement=judged["words_held_back"],
        as_told=suppressed.results,
        row_counts=suppressed.rows,
        settled=ledger.filter(pl.col("outcome") != "kept").group_by(by).len("rows").sort(by),
        profiles=read.profiles,
        with_parts=suppressed.policy,
        areas=placed.areas,
        layers=read.layers,
    )


@contextmanager
def watched(where: ModuleType, name: str) -> Iterator[dict[str, Any]]:
    """What the function `name` of a module gave last in the block."""
    gave: dict[str, Any] = {}
    function = getattr(where, name)

    def watch(*given: Any, **named: Any) -> Any:
        gave[name] = function(*given, **named)
        return gave[name]

    with mock.patch.object(where, name, watch):
        yield gave
