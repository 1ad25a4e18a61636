"""The pattern of what is hidden, against one who makes the same choice in every world there is."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Hashable

import pytest

from ground import SET, cells, group, groups
from kvarter.areas.groups import WHOLE_CITY, Group
from kvarter.disclosure.figures import costs_of
from kvarter.disclosure.partition import Partition
from kvarter.disclosure.suppress import SuppressionProblem, suppress_small
from kvarter.policy.model import AREAS, CITY, REST

Told = frozenset[tuple[Hashable, float | None]]


def publish(pieces: dict[tuple[str, ...], int], threshold: int) -> tuple[Partition, Told]:
    """What is told of a town: every group with its count, or that it is hidden."""
    singles = sorted({area for areas in pieces for area in areas})
    own = cells(*((list(areas), count) for areas, count in pieces.items()), ([], 500.0))
    named = groups(*singles)
    ground = Partition.of(own, [*groups(AREAS, REST, CITY), *named], SET)
    counts = ground.counts
    primary = {cell: float(threshold) for cell, n in counts.items() if 0 < n < threshold}
    hidden = (
        suppress_small(
            SuppressionProblem(ground.table, counts, primary, costs_of(ground, named)),
            threshold,
            last=groups(AREAS, REST, CITY),
        ).hidden
        if primary
        else frozenset()
    )
    # Where the rest is hidden, the city's number tells nothing: the rest is far larger.
    blind = {WHOLE_CITY} if group(REST) in hidden else set()
    told = [each for each in counts if isinstance(each, Group) and each not in blind]
    return ground, frozenset((each, None if each in hidden else counts[each]) for each in told)


TOWNS = [
    ("two areas", [("a",), ("b",)], 5, 15),
    ("three areas", [("a",), ("b",), ("c",)], 3, 9),
    ("four areas", [("a",), ("b",), ("c",), ("d",)], 3, 7),
    ("two that overlap", [("a",), ("a", "b"), ("b",)], 3, 9),
]


@pytest.mark.parametrize(("name", "pieces", "threshold", "most"), TOWNS)
def test_the_pattern_tells_no_more_than_that_a_number_is_small(
    name: str, pieces: list[tuple[str, ...]], threshold: int, most: int
) -> None:
    """Each small number could be any of 1 to threshold - 1, in a town that publishes the same.

    All towns are tried with up to `most` in the areas together.
    """
    alike: dict[Told, list[dict[Hashable, float]]] = defaultdict(list)
    for counts in itertools.product(range(most + 1), repeat=len(pieces)):
        if sum(counts) <= most:
            ground, told = publish(dict(zip(pieces, counts, strict=True)), threshold)
            alike[told].append(ground.counts)
    tried = 0
    for told, worlds in alike.items():
        shown = dict(told)
        for world, cell in itertools.product(worlds, shown):
            if shown[cell] is None and 0 < world[cell] < threshold:
                tried += 1
                found = {other[cell] for other in worlds}
                if cell == group(AREAS):  # of two areas that are not none it is two at least
                    assert len(found) > 2, (told, worlds)
                else:
                    assert found >= set(range(1, threshold)), (told, worlds)
    assert tried > 50, name


def test_the_choice_does_not_rest_on_the_hidden_counts() -> None:
    """4 beside 11 and 12: the neighbour that goes is the same as for 1 beside 11 and 15."""
    told = {
        publish({("a",): a, ("b",): 11, ("c",): c}, 5)[1] for a, c in [(1, 15), (2, 14), (4, 12)]
    }
    assert len(told) == 1
