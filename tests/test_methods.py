"""Every worked example of the handbook (`docs/methods.md`), computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from methods import CHAPTERS
from methods.spec import Example, InStatus, Method

METHODS = [method for methods in CHAPTERS.values() for method in methods]
EXAMPLES = [(method, example) for method in METHODS for example in method.examples]
IN_STATUS = [figures for method in METHODS for figures in method.in_status]


@pytest.mark.parametrize(
    ("method", "example"), EXAMPLES, ids=lambda value: value.title.replace(" ", "-")
)
def test_example(method: Method, example: Example) -> None:
    assert example.found() == example.gives


@pytest.mark.parametrize("figures", IN_STATUS, ids=lambda figures: figures.title.replace(" ", "-"))
def test_figures_of_the_example_city(figures: InStatus, city: Path) -> None:
    assert figures.found(city / "status" / "2024") == figures.gives


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.title.replace(" ", "-"))
def test_a_method_says_all_an_auditor_asks(method: Method) -> None:
    assert all([method.asks, method.formula, method.source, method.assumes, method.examples])


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.title.replace(" ", "-"))
def test_every_method_is_worked_on_copenhagen(method: Method) -> None:
    assert method.is_worked_on_copenhagen()
    for example in method.examples:
        assert example.source or not example.of, f"{example.title}: how was it checked?"
