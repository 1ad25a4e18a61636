"""Every worked example of the handbook (`docs/methods.md`), computed."""

from __future__ import annotations

import pytest

from methods import CHAPTERS
from methods.spec import Example, Method

METHODS = [method for methods in CHAPTERS.values() for method in methods]
EXAMPLES = [(method, example) for method in METHODS for example in method.examples]


@pytest.mark.parametrize(
    ("method", "example"), EXAMPLES, ids=lambda value: value.title.replace(" ", "-")
)
def test_example(method: Method, example: Example) -> None:
    assert example.found() == example.gives


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.title.replace(" ", "-"))
def test_a_method_says_all_an_auditor_asks(method: Method) -> None:
    assert all([method.asks, method.formula, method.source, method.assumes, method.examples])
