"""What other programs may build on: the names of `kvarter`, as docs/api.md explains them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import kvarter
from hamlet import KEY, build
from kvarter.addresses.explain import explain

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/api.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hamlet as a user has it, with its status of 2024."""
    folder = tmp_path_factory.mktemp("api")
    build(folder)
    (folder / "kvarter.key").touch(mode=0o600)
    (folder / "kvarter.key").write_text(KEY, encoding="ascii")
    return folder


def test_every_name_is_there_and_explained() -> None:
    for name in kvarter.__all__:
        assert getattr(kvarter, name) is not None
        assert re.search(rf"\b{name}\b", PAGE), f"docs/api.md does not say what {name} is"
    with pytest.raises(AttributeError, match="no attribute 'statues'"):
        kvarter.statues  # noqa: B018


def test_the_examples_of_the_page_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    examples = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) >= 3
    names: dict[str, object] = {}
    for example in examples:
        exec(example, names)
    made, edition, index = names["made"], names["edition"], names["index"]
    assert isinstance(made, kvarter.InternalEdition)
    assert isinstance(edition, kvarter.Edition)
    assert edition.verdicts.equals(made.public.verdicts)
    assert isinstance(index, kvarter.AddressIndex)


def test_the_ways_around_a_status(folder: Path) -> None:
    kvarter.run(folder / "policy.yaml", key_file=folder / "kvarter.key")
    status = folder / "status" / "2024"
    policy = kvarter.Policy.load(folder / "policy.yaml")
    assert policy == kvarter.open_internal(status).policy
    assert not [each for each in kvarter.check(policy, folder) if each.problems]
    before = (status / "report.html").read_bytes()
    kvarter.write(status, only=("html",), language="en")
    assert (status / "report.html").read_bytes() != before
    kvarter.write(status, only=("html",), language="da")
    assert (status / "report.html").read_bytes() == before
    with pytest.raises(kvarter.PolicyError) as told:
        kvarter.run(folder / "notices.csv", key_file=folder / "kvarter.key")
    assert isinstance(told.value.problems[0], kvarter.Problem)


def test_what_is_written_in_another_language_is_as_a_run_makes_it(tmp_path: Path) -> None:
    """Also the workbook and the descriptions, which are in words."""
    policy, key = build(tmp_path), tmp_path / "key"
    for out, language in (("da", "da"), ("en", "en")):
        kvarter.run(policy, out=tmp_path / out, key_file=key, language=language)  # type: ignore[arg-type]
    one, other = (tmp_path / out / "2024" for out in ("da", "en"))
    kvarter.write(one, language="en")
    files = {path.relative_to(one) for path in one.rglob("*") if path.is_file()}
    in_a_run = {
        Path("internal/run.json"),
        Path("internal/review.xlsx"),
        Path("internal/review.csv"),
    }
    assert len(files) > 40
    for name in files - in_a_run:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_an_address_is_matched_in_each_way(folder: Path) -> None:
    index = kvarter.AddressIndex.open(folder / "register.parquet")
    text = "Strandvejen 2, st. tv, 2100 København Ø"
    (answer,) = index.match([text]).to_dicts()
    assert answer == index.match_one(text)
    assert answer["address_id"] == "S2-sttv"
    assert index.explain(text) == explain(text, index)
    with pytest.raises(kvarter.InputError):
        kvarter.AddressIndex.open(folder / "areas.geojson")


def test_asking_for_a_name_loads_no_more_than_it_needs() -> None:
    code = "import sys, kvarter; kvarter.InputError; print('polars' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
