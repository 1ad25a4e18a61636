"""Read a policy file, and say of every mistake in it: file, line, field, remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from kvarter.errors import PolicyError, Problem
from kvarter.policy.agree import disagreements
from kvarter.policy.disagreement import Disagreement
from kvarter.policy.lists import ListPolicy, lists_disagree
from kvarter.policy.model import Policy

Loaded = TypeVar("Loaded", Policy, ListPolicy)

_LONGEST = 1_000_000
"""Characters of a policy file; a large one has some 20,000."""

_DEEPEST, _MOST_VALUES, _MOST_EXPLAINED = 30, 100_000, 100

_FEW = 4
"""A field that more parts than this can have is not said where to move."""

Place = tuple[str | int, ...]
"""Where a value stands in the file: keys and list positions from the top."""


def load_policy(path: Path) -> Policy:
    """Read and check the policy file at `path`.

    Returns the policy. Raises PolicyError, with every problem found, where it cannot be read, is
    not a policy, or does not agree with itself (a goal naming a source that is not there).
    """
    return _load(path, Policy, disagreements)


def load_lists(path: Path) -> ListPolicy:
    """Read and check a policy file of lists (see `kvarter.policy.lists`). Raises PolicyError."""
    return _load(path, ListPolicy, lists_disagree)


def _load(
    path: Path, model: type[Loaded], disagree: Callable[[Loaded], Iterator[Disagreement]]
) -> Loaded:
    data, lines = _read_yaml(path)
    try:
        policy = model.model_validate(data)
    except ValidationError as error:
        raise PolicyError(_explain(error, path, lines)) from None
    problems = [
        Problem(what, remedy, str(path), _line_of(place, lines), _field_of(place, data))
        for place, what, remedy in disagree(policy)
    ]
    if problems:
        raise PolicyError(problems)
    return policy


def _read_yaml(path: Path) -> tuple[Any, dict[Place, int]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise PolicyError(
            Problem("there is no such policy file", "Check the path you gave.", str(path))
        ) from None
    except IsADirectoryError:
        raise PolicyError(
            Problem("this is a folder", "Name the policy file in it.", str(path))
        ) from None
    except UnicodeDecodeError:
        raise PolicyError(
            Problem("the file is not UTF-8 text", "Save it as UTF-8.", str(path))
        ) from None
    if len(text) > _LONGEST:
        raise PolicyError(
            Problem(
                f"this is no policy file: it is {len(text):,} characters long",
                "Check the path you gave.",
                str(path),
            )
        )
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise PolicyError(
                Problem(
                    "the policy file is empty",
                    "Start from the example: `kvarter demo` writes one.",
                    str(path),
                )
            )
        lines: dict[Place, int] = {}
        repeated: list[Problem] = []
        _note_lines(node, (), lines, repeated, str(path))
        if repeated:
            raise PolicyError(repeated)
        return loader.construct_document(node), lines
    except RecursionError:
        raise _nested(str(path), None) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise PolicyError(
            Problem(
                f"this is not valid YAML: {getattr(error, 'problem', None) or error}",
                "Look at the indentation, colons and quotes on this line and the one above it.",
                str(path),
                mark.line + 1 if mark else None,
            )
        ) from None
    finally:
        loader.dispose()


class _Loader(yaml.SafeLoader):
    """Reads `0101` and `on` as the texts they are; YAML 1.1 has an octal number and true there."""


_INTEGER, _BOOLEAN = "tag:yaml.org,2002:int", "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in (_INTEGER, _BOOLEAN)]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    _BOOLEAN, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), [*"tTfF"]
)
_Loader.add_implicit_resolver(_INTEGER, re.compile(r"[-+]?(0|[1-9][0-9_]*)$"), list("-+0123456789"))


def _nested(file: str, line: int | None) -> PolicyError:
    return PolicyError(
        Problem(
            "there are values in values without end here",
            "Look for an alias (*name) inside what it stands for, and for brackets not closed.",
            file,
            line,
        )
    )


def _note_lines(
    node: yaml.Node,
    place: Place,
    lines: dict[Place, int],
    repeated: list[Problem],
    file: str,
) -> None:
    """Note the line of every value; a key given twice is a mistake that YAML lets pass."""
    if len(place) > _DEEPEST or len(lines) > _MOST_VALUES:
        raise _nested(file, node.start_mark.line + 1)
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                repeated.append(
                    Problem(
                        f"{key.value!r} is given twice",
                        "Keep one of the two.",
                        file,
                        key.start_mark.line + 1,
                    )
                )
            seen.add(key.value)
            _note_lines(value, (*place, key.value), lines, repeated, file)
            lines[(*place, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _note_lines(value, (*place, index), lines, repeated, file)


def _line_of(place: Place, lines: dict[Place, int]) -> int | None:
    """The line of `place`, or of the nearest thing around it that stands in the file."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place)


def _field_of(place: Place, data: Any) -> str:
    """`place` as a reader would say it: `sources[varsler-2023].columns.address`."""
    words = ""
    for step in place:
        data = data[step] if _has(data, step) else None
        if isinstance(step, int):
            label = data.get("id", data.get("number")) if isinstance(data, dict) else None
            words += f"[{label if label is not None else step + 1}]"
        else:
            words += f".{step}" if words else str(step)
    return words


def _has(data: Any, step: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(step, int) and step < len(data)
    return isinstance(data, dict) and step in data


def _explain(error: ValidationError, path: Path, lines: dict[Place, int]) -> list[Problem]:
    """Pydantic's errors in the words of someone who edits the file."""
    data, _ = _read_yaml(path)
    problems: dict[tuple[str, str], Problem] = {}
    for item in error.errors(include_url=False)[:_MOST_EXPLAINED]:
        place = _place_in_file(item["loc"], data)
        what, remedy = _words(item)  # type: ignore[arg-type]
        problem = Problem(what, remedy, str(path), _line_of(place, lines), _field_of(place, data))
        problems.setdefault((problem.field, "" if _of_union(item["loc"]) else what), problem)
    return list(problems.values())


_UNION_BRANCHES = {"Bilingual", "str", "CaseCount", "StatisticSum", "AtEntrance", "InUnit"}


def _of_union(loc: tuple[str | int, ...]) -> bool:
    return any(step in _UNION_BRANCHES or str(step).startswith("list[") for step in loc)


def _place_in_file(loc: tuple[str | int, ...], data: Any) -> Place:
    """`loc` without the names pydantic puts in for the branches of a union."""
    place: Place = ()
    for position, step in enumerate(loc):
        last = position == len(loc) - 1
        if _has(data, step):
            data = data[step]
        elif step in _UNION_BRANCHES or str(step).startswith("list[") or not last:
            continue
        place = (*place, step)
    return place


def _words(item: dict[str, Any]) -> tuple[str, str]:
    kind, context = item["type"], item.get("ctx", {})
    if kind == "missing":
        return (
            "this field is missing",
            "Add it; docs/policy-file.md shows how it looks.",
        )
    if kind == "extra_forbidden":
        name = str(item["loc"][-1])
        what = f"there is no field called {name!r}"
        if parts := _fields().get(name):
            known = f"It is a field of: {', '.join(sorted(parts))}. Move or remove it."
            return f"{what} here", known if len(parts) <= _FEW else "Remove it."
        near = get_close_matches(name, sorted(_fields()), n=1, cutoff=0.6)
        hint = f"Did you mean `{near[0]}`?" if near else "Remove it, or check its spelling."
        return what, hint
    if kind == "literal_error":
        return (
            f"{item['input']!r} is not one of the values it can have",
            f"Use {context['expected']}.",
        )
    if kind == "string_type" and item["input"] is None:
        return "there is nothing here", "Write a text, or remove the line."
    if kind == "string_type":
        return (
            f"{item['input']!r} is not text",
            f'Put it in quotes, as in "{item["input"]}", or write a text here.',
        )
    if kind == "string_pattern_mismatch":
        pattern = context["pattern"]
        rule = {
            r"^\d{4}$": "four digits, such as 0101",
            r"^EPSG:\d+$": "a code such as EPSG:25832 or EPSG:4326",
        }.get(pattern, "small letters a-z, digits, - and _ only")
        return (
            f"{item['input']!r} does not have the form it must have",
            f"Write {rule}.",
        )
    if kind.startswith("date"):
        return f"{item['input']!r} is not a date", "Write it as 2023-12-31."
    if kind == "model_type":
        return "these are no fields with values", "Write them as `name: value`, a line each."
    if kind in ("int_parsing", "int_type"):
        return f"{item['input']!r} is not a whole number", "Write digits only."
    message = str(item["msg"])
    return message[:1].lower() + message[1:], f"It is now {item['input']!r}; mend it."


@cache
def _fields() -> dict[str, set[str]]:
    """Every field of a policy file, and the parts it can stand in, from its JSON Schema."""
    found: dict[str, set[str]] = {}
    for schema in (Policy.model_json_schema(), ListPolicy.model_json_schema()):
        for model in (schema, *schema["$defs"].values()):
            part = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model["title"]).lower()
            for name in model.get("properties", {}):
                found.setdefault(name, set()).add(part)
    return found
