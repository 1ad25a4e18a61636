"""What differs between two editions besides their figures.

Definitions are compared field by field as the policy file has them; files by their hashes in the
records, for the files themselves may be gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import BaseModel

from kvarter.comparison.compared import Areas, FieldChange, FileChange, Side
from kvarter.policy.model import AreaSet, Policy
from kvarter.privacy import without_person_numbers

_LONGEST = 300
_INPUTS = {"sources", "area_sets", "statistics", "layers", "register", "decisions"}
_HASH = "sha256"


def definitions(then: Policy, now: Policy) -> tuple[FieldChange, ...]:
    """Every field of the policy that differs, but for its inputs."""
    return changes(then, now, "", _INPUTS)


def changes(
    then: BaseModel | None, now: BaseModel | None, place: str, without: set[str]
) -> tuple[FieldChange, ...]:
    """The fields below `place` that differ, leaving out those called one of `without`."""
    return tuple(_differ(_dump(then), _dump(now), place, without))


def _dump(model: BaseModel | None) -> Any:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True) if model else None


def _differ(then: Any, now: Any, place: str, without: set[str]) -> Iterator[FieldChange]:
    if then == now:
        return
    then_by, now_by = _by_name(then), _by_name(now)
    if then_by is None or now_by is None:
        yield FieldChange(place, _value(then), _value(now))
        return
    for name in [*then_by, *(name for name in now_by if name not in then_by)]:
        if name not in without:
            below = f"{place}{name}" if name.startswith("[") else f"{place}.{name}".lstrip(".")
            yield from _differ(then_by.get(name), now_by.get(name), below, without)


def _by_name(value: Any) -> dict[str, Any] | None:
    """The parts of a value by name: a field, or `[id]` in a list whose members have names."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return None
    named = {f"[{_name(each)}]": each for each in value}
    return named if len(named) == len(value) and "[]" not in named else None


def _name(member: dict[str, Any]) -> str:
    for names in (["id"], ["number"], ["year", "group"]):
        if all(name in member for name in names):
            return " ".join(str(member[name]) for name in names)
    return ""


def _value(value: Any) -> str | None:
    """As one would write it in the policy file; a whole new part by its title."""
    if value is None:
        return None
    if isinstance(value, dict) and ("title" in value or "name" in value):
        value = value.get("title", value.get("name"))
    if isinstance(value, dict) and "da" in value:
        value = value["da"]
    text = value
    if not isinstance(value, str):
        text = yaml.safe_dump(
            value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000
        ).removesuffix("...\n")
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def hashes(side: Side) -> dict[str, str]:
    """The hash of each input by its name in the policy."""
    return {one["file"]: one[_HASH] for one in side.record.get("inputs", [])}


def _other_content(then: Side, now: Side, old: str, new: str) -> bool:
    """Whether a file had other content then; what a record did not note cannot be told."""
    was = hashes(then).get(without_person_numbers(old))
    is_now = hashes(now).get(without_person_numbers(new))
    return was is not None and is_now is not None and was != is_now


def area_sets(then: Side, now: Side, old: AreaSet, new: AreaSet) -> Areas:
    """What differs between two area sets."""
    was, are = ({area.id: area for area in each.areas} for each in (old, new))
    shifted = [
        change
        for area_id in [each for each in was if each in are]
        for change in changes(was[area_id], are[area_id], f"areas[{area_id}]", set())
    ]
    return Areas(
        added=tuple(area for area_id, area in are.items() if area_id not in was),
        dropped=tuple(area for area_id, area in was.items() if area_id not in are),
        changes=(*changes(old, new, f"area_sets[{new.id}]", {"areas"}), *shifted),
        file=new.file if _other_content(then, now, old.file, new.file) else "",
    )


def files(then: Side, now: Side) -> tuple[FileChange, ...]:
    """Every input that differs, but for the outlines of areas."""
    if then.policy is None or now.policy is None:
        return _unknown_files(then, now)
    was, are = _inputs(then.policy), _inputs(now.policy)
    found = []
    for key in [*was, *(key for key in are if key not in was)]:
        role, name = key
        old, new = was.get(key), are.get(key)
        if old is None or new is None:
            kept = new or old
            assert kept is not None
            found.append(FileChange(role, name, kept[0], ("gone" if new is None else "new",)))
            continue
        place = {"source": f"sources[{name}]", "statistic": f"statistics[{name}]"}.get(role, name)
        other = changes(old[1], new[1], place, {"file"})
        differences = (["content"] if _other_content(then, now, old[0], new[0]) else []) + (
            ["mapping"] if other else []
        )
        if differences:
            found.append(FileChange(role, name, new[0], tuple(differences), other))  # type: ignore[arg-type]
    return tuple(found)


def _inputs(policy: Policy) -> dict[tuple[str, str], tuple[str, BaseModel | None]]:
    """Role and name of each input, with its file and what the policy says of it."""
    found: dict[tuple[str, str], tuple[str, BaseModel | None]] = {}
    found |= {("source", each.id): (each.file, each) for each in policy.sources}
    found |= {("statistic", each.id): (each.file, each) for each in policy.statistics}
    found |= {("layer", name): (each.file, each) for name, each in policy.layers.items()}
    found |= {("decisions", name): (name, None) for name in policy.decision_files()}
    if policy.register_:
        found["register", ""] = (policy.register_.file, None)
    return found


def _unknown_files(then: Side, now: Side) -> tuple[FileChange, ...]:
    """Without a policy nobody can tell what a file is of; its hash still tells that it differs."""
    was, are = hashes(then), hashes(now)
    found = [FileChange("file", "", name, ("gone",)) for name in was if name not in are]
    found += [FileChange("file", "", name, ("new",)) for name in are if name not in was]
    both = [name for name in was if name in are and was[name] != are[name]]
    return (*found, *(FileChange("file", "", name, ("content",)) for name in both))


def versions(then: Side, now: Side) -> tuple[FieldChange, ...]:
    """Kvarter, Python and the libraries that had another version then."""

    def of(side: Side) -> dict[str, str]:
        record = side.record
        own = {"kvarter": record.get("kvarter"), "python": record.get("python")}
        return {**{k: v for k, v in own.items() if v}, **record.get("libraries", {})}

    was, are = of(then), of(now)
    names = sorted({*was, *are})
    return tuple(FieldChange(n, was.get(n), are.get(n)) for n in names if was.get(n) != are.get(n))
