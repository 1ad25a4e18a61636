"""Read a policy file, and say of every mistake in it: file, line, field, remedy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from kvarter.errors import PolicyError, Problem
from kvarter.policy.agree import disagreements
from kvarter.policy.disagreement import Disagreement
from kvarter.policy.document import Place, read_document
from kvarter.policy.fields import Model
from kvarter.policy.lists import ListPolicy, lists_disagree
from kvarter.policy.model import Policy

Loaded = TypeVar("Loaded", bound=Model)
Agrees = Callable[[Loaded], Iterator[Disagreement]]
"""What does not agree in a file that is read."""

_PAGE = "docs/policy-file.md"
_MOVED = {("editions", "signed_by"), ("editions", "next_steps"), ("goals", "commentary")}
"""Fields that stood in a policy before there were statements."""

_MOST_EXPLAINED = 100

_NEAR = 20
"""So many lines below is a field looked for that may stand behind a #."""

_FEW = 4
"""A field that more parts than this can have is not said where to move."""


def load_policy(path: Path) -> Policy:
    """Read and check the policy file at `path`.

    Returns the policy. Raises PolicyError, with every problem found, where it cannot be read, is
    not a policy, or does not agree with itself (a goal naming a source that is not there).
    """
    return load_as(path, Policy, disagreements)


def policy_of(data: Any, lines: dict[Place, int], path: Path) -> Policy:
    """The policy that the values of a file are (see `read_document`). Raises PolicyError."""
    return _checked(_File(path, data, lines, Policy, _PAGE), Policy, disagreements)


def load_lists(path: Path) -> ListPolicy:
    """Read and check a policy file of lists (see `kvarter.policy.lists`). Raises PolicyError."""
    return load_as(path, ListPolicy, lists_disagree)


def load_as(path: Path, model: type[Loaded], disagree: Agrees[Loaded], page: str = _PAGE) -> Loaded:
    """Read the YAML file at `path` as a `model`, which `page` explains. Raises PolicyError."""
    return _checked(_File(path, *read_document(path), model, page), model, disagree)


@dataclass(frozen=True)
class _File:
    """A file as it was read, what it should be, and the page that explains that."""

    path: Path
    data: Any
    lines: dict[Place, int]
    model: type[Model]
    page: str


def _checked(file: _File, model: type[Loaded], disagree: Agrees[Loaded]) -> Loaded:
    try:
        loaded = model.model_validate(file.data)
    except ValidationError as error:
        raise PolicyError(_explain(error, file)) from None
    problems = []
    for place, what, remedy in disagree(loaded):
        line = _line_of(place, file.lines)
        if add := re.match(r"Add `(\w+)`", remedy):
            remedy = _or_behind_a_hash(remedy, add[1], file.path, line)
        field = _field_of(place, file.data)
        problems.append(Problem(what, remedy, str(file.path), line, field))
    if problems:
        raise PolicyError(problems)
    return loaded


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


def _explain(error: ValidationError, file: _File) -> list[Problem]:
    """Pydantic's errors in the words of someone who edits the file."""
    problems: dict[tuple[str, str], Problem] = {}
    for item in error.errors(include_url=False)[:_MOST_EXPLAINED]:
        if item["loc"][-1:] == ("str",) and isinstance(item["input"], dict | list):
            continue  # the errors of what it is instead are there too
        place = _place_in_file(item["loc"], file.data)
        what, remedy = _words(item, file)  # type: ignore[arg-type]
        line = _line_of(place, file.lines)
        remedy = _or_behind_a_hash(remedy, _asks_for(item), file.path, line)
        problem = Problem(what, remedy, str(file.path), line, _field_of(place, file.data))
        problems.setdefault((problem.field, "" if _of_union(item["loc"]) else what), problem)
    return list(problems.values())


def _asks_for(item: Mapping[str, Any]) -> str | None:
    """The field that is missing, or "" where all that belongs there is; None where it is there."""
    if item["type"] == "missing":
        return str(item["loc"][-1])
    return "" if item["input"] is None or item["type"] == "list_type" else None


def _or_behind_a_hash(remedy: str, field: str | None, path: Path, line: int | None) -> str:
    """The remedy, or another where `field` stands below `line` as a comment.

    Where nothing stands that belongs there (""), the very next line is looked at.
    """
    if line is None or field is None:
        return remedy
    below = path.read_text(encoding="utf-8-sig").splitlines()[line : line + (_NEAR if field else 1)]
    named = re.escape(field) if field else r"[\w-]+"
    hidden = re.compile(rf"\s*#\s*(?:- *)?(?:\{{|.*[{{,] *)?{named}:(?: |$)")
    at = next((at for at, text in enumerate(below, line + 1) if hidden.match(text)), None)
    return remedy if at is None else f"Line {at} seems to have it, behind a #: take the # away."


_UNION_BRANCHES = {"Bilingual", "str", "CaseCount", "StatisticSum", "AtEntrance", "InUnit"}
_UNION_BRANCHES |= {"Text", "Accepted", "[key]"}  # and the key of a field that has one


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


def _words(item: dict[str, Any], file: _File) -> tuple[str, str]:
    kind, context = item["type"], item.get("ctx", {})
    if kind == "written":
        return context["what"], context["remedy"]
    if kind == "missing":
        return (
            "this field is missing",
            f"Add it; {file.page} shows how it looks.",
        )
    if kind == "extra_forbidden":
        name, fields = str(item["loc"][-1]), _fields(file.model)
        if (item["loc"][0], name) in _MOVED and len(item["loc"]) == 3:
            what = "what people write of an edition stands in a file of its own"
            return what, f"Have it moved there: kvarter migrate {file.path}"
        what = f"there is no field called {name!r}"
        if parts := fields.get(name):
            known = f"It is a field of: {', '.join(sorted(parts))}. Move or remove it."
            return f"{what} here", known if len(parts) <= _FEW else "Remove it."
        before, colon, after = name.partition(":")
        if colon and after and before in fields:
            return what, f"Put a blank after the colon: `{before}: {after}`."
        sought = _DANISH.get(name.casefold(), name)
        near = get_close_matches(sought, sorted(fields), n=1, cutoff=0.6)
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
        return "a text is asked for here, and this is a list or has fields", "Write a text."
    if kind == "string_pattern_mismatch":
        return f"{item['input']!r} does not have the form it must have", _form(item, file.page)
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        names = _names_of(context.get("class_name", ""), file.model)
        like = f" Its fields are: {', '.join(names)}." if names else ""
        return "these are no fields with values", f"Write them as {{name: value, ...}}.{like}"
    if kind in ("bool_parsing", "bool_type"):
        word = {"ja": "true", "nej": "false", "sand": "true", "falsk": "false"}
        meant = word.get(str(item["input"]).casefold(), "true or false")
        return f"{item['input']!r} is neither true nor false", f"Write {meant}."
    if kind == "list_type":
        one = item["input"] if isinstance(item["input"], str) else "one, two"
        return "a list is asked for here", f"Write it in brackets: [{one}]."
    if kind == "too_short":
        return "there is nothing in it", "Write one or more, or remove the field."
    if kind in ("int_type", "float_type", "date_type"):
        return "there is nothing here", "Write a value, or remove the field."
    if kind in _BOUNDS:
        words, name = _BOUNDS[kind]
        bound = f"{words} {context[name]:g}"
        message = str(item["msg"]).replace("Input", str(item["input"]), 1)
        return message, f"Write a number that is {bound}."
    message = str(item["msg"]).removeprefix("Value error, ")
    if kind == "value_error" and ("before" in message or "below" in message):
        return message, "Swap the two, or mend the one that is wrong."
    return message[:1].lower() + message[1:], f"Mend it; {file.page} shows how it looks."


_DANISH = {
    **{"titel": "title", "navn": "name", "kode": "code", "kommune": "municipality"},
    **{"periode": "period", "fra": "from", "til": "to", "fil": "file", "ark": "sheet"},
    **{"nummer": "number", "mål": "goals", "område": "areas", "områder": "areas", "år": "year"},
}
"""What a Danish word for a field is here."""

_BOUNDS = {
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at most", "le"),
}


def _form(item: dict[str, Any], page: str) -> str:
    """What to write in the place of a text that has another form."""
    text, pattern = str(item["input"]), item["ctx"]["pattern"]
    if pattern == r"^\d{4}$":
        digits = re.sub(r"\D", "", text.removesuffix(".0"))
        code = digits.zfill(4) if 1 <= len(digits) <= 4 else "0101"
        return f'Write four digits in quotes: "{code}".'
    if pattern == r"^EPSG:\d+$":
        digits = re.sub(r"\D", "", text)
        code = digits if 4 <= len(digits) <= 6 else "25832"
        return f'Write "EPSG:{code}".' if digits else "Write a code such as EPSG:25832."
    if not pattern.startswith("^[a-z0-9]"):
        return f"Write it as {page} shows."
    id_ = as_id(text)
    return "Write small letters a-z, digits, - and _ only" + (f", such as {id_}." if id_ else ".")


def as_id(text: str) -> str:
    """An id made of a text: `Færre udsættelser 2024` -> `faerre-udsaettelser-2024`."""
    folded = text.casefold()
    for letter, letters in (("æ", "ae"), ("ø", "oe"), ("å", "aa")):
        folded = folded.replace(letter, letters)
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:60]


def _names_of(part: str, model: type[Model]) -> list[str]:
    """The fields that a part of a file must have, by the name of its model."""
    schema = (Policy if model is ListPolicy else model).model_json_schema()
    of_part = schema.get("$defs", {}).get(part, {})
    return list(of_part.get("required", of_part.get("properties", {})))


@cache
def _fields(model: type[Model]) -> dict[str, set[str]]:
    """Every field of a file, and the parts it can stand in, from its JSON Schema."""
    found: dict[str, set[str]] = {}
    for each in (Policy, ListPolicy) if model in (Policy, ListPolicy) else (model,):
        schema = each.model_json_schema()
        for described in (schema, *schema.get("$defs", {}).values()):
            part = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", described["title"]).lower()
            for name in described.get("properties", {}):
                found.setdefault(name, set()).add(part)
    return found
