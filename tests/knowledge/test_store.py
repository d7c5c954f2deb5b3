"""Is compiled knowledge used only while it is what it was made from?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from daybreak.knowledge import store, validate
from daybreak.knowledge.store import SECTIONS, digest_of, files_of, load
from tests.knowledge.conftest import Edit


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "daybreak" / "knowledge"


@pytest.fixture
def validations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sections that were read from YAML, in order."""
    done: list[str] = []
    honest = validate.validated

    def counted(section: str, files: Any) -> dict[str, Any]:
        done.append(section)
        return honest(section, files)

    monkeypatch.setattr(validate, "validated", counted)
    return done


def test_the_second_start_reads_the_compiled_copy(cache: Path, folder: Path, validations: list[str]) -> None:
    first = load("periods", folder)
    assert load("periods", folder) == first
    assert validations == ["periods"]
    assert len(list(cache.glob("*.json"))) == 1
    assert first["periods"]["periods"][0]["id"] == "history"


@pytest.mark.parametrize("damage", [b"", b"x", b"0" * 64 + b"\n{}"])
def test_a_damaged_copy_is_thrown_away(cache: Path, folder: Path, validations: list[str], damage: bytes) -> None:
    first = load("periods", folder)
    (copy,) = cache.glob("*.json")
    copy.write_bytes(damage)
    assert load("periods", folder) == first
    assert validations == ["periods", "periods"]
    assert load("periods", folder) == first
    assert len(validations) == 2


def test_one_flipped_letter_is_damage(cache: Path, folder: Path, validations: list[str]) -> None:
    first = load("periods", folder)
    (copy,) = cache.glob("*.json")
    copy.write_bytes(copy.read_bytes().replace(b'"days":365', b'"days":999', 1))
    assert load("periods", folder) == first


def test_a_changed_file_is_read_again(cache: Path, folder: Path, edit: Edit, validations: list[str]) -> None:
    load("periods", folder)
    edit("periods.yaml", "days: 365", "days: 364")
    assert load("periods", folder)["periods"]["periods"][0]["days"] == 364
    assert len(validations) == 2


def test_a_changed_schema_is_read_again(
    cache: Path, folder: Path, validations: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load("periods", folder)
    other = tmp_path / "schema"
    other.mkdir()
    for name in ("common.py", "protocols.py"):
        (other / name).write_bytes((store.SCHEMA / name).read_bytes() + b"# changed")
    monkeypatch.setattr(store, "SCHEMA", other)
    load("periods", folder)
    assert len(validations) == 2


def test_a_cache_that_cannot_be_written_only_costs_time(
    folder: Path, validations: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load("periods", folder) == load("periods", folder)
    assert len(validations) == 2


def test_without_a_named_cache_it_lies_in_the_home_folder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    load("periods", folder)
    assert list((tmp_path / ".cache" / "daybreak" / "knowledge").glob("*.json"))


def test_the_digest_is_of_the_content_not_of_its_order() -> None:
    assert digest_of({"a": 1, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
    assert digest_of({"a": [1, 2]}) != digest_of({"a": [2, 1]})
    assert len(digest_of({"中": "文"})) == 64


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_has_files_and_loads(section: str) -> None:
    assert files_of(section)
    assert load(section).keys() == files_of(section).keys()
