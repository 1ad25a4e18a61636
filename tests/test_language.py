"""The language that is written in: set once, asked for everywhere, and never by accident."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from threading import Thread

import pytest

from conftest import ROOT
from kvarter.i18n import Locale, _, in_language, locale

ASKING = {"_", "phrase", "listed", "say", "number", "percent", "date", "p_value", "current"}


def test_everything_inside_is_said_in_one_language() -> None:
    with in_language(Locale("da")):
        assert (_("Rest of the city"), locale.number(1401)) == ("Resten af byen", "1.401")
        with in_language(Locale("en", "municipality")):
            assert _("Rest of the city") == "Rest of the municipality"
            assert locale.percent(1.4, 1) == "1.4%"
        assert locale.listed(["a", "b"]) == "a og b"


def test_a_mistake_inside_leaves_no_language_behind() -> None:
    with pytest.raises(ValueError), in_language(Locale("en")):
        raise ValueError
    with pytest.raises(RuntimeError, match="in_language"):
        _("Rest of the city")


@pytest.mark.parametrize(
    "ask",
    [
        lambda: _("Rest of the city"),
        lambda: locale.number(1401),
        lambda: locale.say("byen"),
        lambda: locale.listed(["a", "b"]),
        lambda: locale.current().language,
    ],
)
def test_where_no_language_is_set_none_is_assumed(ask: Callable[[], str]) -> None:
    with pytest.raises(RuntimeError, match="in_language"):
        ask()


@pytest.mark.usefixtures("in_danish")
def test_another_thread_has_no_language_of_this_one() -> None:
    heard: list[str] = []

    def ask() -> None:
        try:
            heard.append(_("Rest of the city"))
        except RuntimeError as error:
            heard.append(str(error))

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert "no language is set" in heard[0]


SCOPES = (ast.FunctionDef, ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp)


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of Kvarter, with where it stands."""
    for path in sorted((ROOT / "src/kvarter").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.name}", node


def within(function: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function or a file, but for what has names of its own inside it."""
    for child in ast.iter_child_nodes(function):
        yield child
        if not isinstance(child, SCOPES):
            yield from within(child)


def sets_a_language(node: ast.AST) -> bool:
    return isinstance(node, ast.With) and "in_language(" in "".join(map(ast.unparse, node.items))


def asks(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in {"_", "phrase"}
    return ast.unparse(node.func).startswith("locale.") and ast.unparse(node.func)[7:] in ASKING


def test_no_generator_sets_the_language_of_whoever_uses_it() -> None:
    every = list(functions())
    assert sum(any(map(sets_a_language, within(each))) for __, each in every) > 8
    yields = (ast.Yield, ast.YieldFrom)
    assert [
        place
        for place, each in every
        if any(map(sets_a_language, within(each)))
        and any(isinstance(node, yields) for node in within(each))
    ] == []


def test_nothing_that_is_kept_was_said_in_the_language_of_who_asked_first() -> None:
    kept = [
        (place, each)
        for place, each in functions()
        if any("cache" in ast.unparse(decorator) for decorator in each.decorator_list)
    ]
    assert len(kept) > 20
    assert [place for place, each in kept if any(map(asks, ast.walk(each)))] == []


def binds_the_word(node: ast.AST) -> bool:
    """Whether `_` becomes something else; `_ = Locale(...)._` says words in a language as well."""
    if isinstance(node, ast.Assign) and ast.unparse(node.value).endswith("._"):
        return False
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    names = [name for target in targets if target is not None for name in ast.walk(target)]
    bound = [name for name in names if isinstance(name, ast.Name) and name.id == "_"]
    return any(isinstance(name.ctx, ast.Store) for name in bound)


def test_no_function_that_says_something_calls_another_thing_so() -> None:
    """`for _, x in ...` would take the place of what says the words."""
    found = [
        place
        for place, each in functions()
        if any(map(asks, ast.walk(each))) and any(map(binds_the_word, within(each)))
    ]
    assert [place for place in found if "i18n" not in place] == []


def test_what_is_said_is_asked_for_when_it_is_said_and_not_at_import() -> None:
    for path in sorted((ROOT / "src/kvarter").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        asked = any(
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("kvarter.i18n")
            and any(name.name == "_" for name in node.names)
            for node in tree.body
        )
        if asked:
            assert [node.lineno for node in within(tree) if asks(node)] == [], path
