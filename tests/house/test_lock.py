"""Is every package that is installed pinned by its content, wherever it is fetched from?"""

from __future__ import annotations

import re
import tomllib

from tests.house.tree import ROOT

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
ENTRIES = [entry for entry in re.split(r"\n(?=\S)", LOCK.strip()) if not entry.startswith("#")]


def test_every_package_has_one_version_and_hashes() -> None:
    assert ENTRIES
    for entry in ENTRIES:
        assert re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+( ; .+)? \\\n", entry), f"not pinned: {entry.splitlines()[0]}"
        assert "--hash=sha256:" in entry, f"without a hash: {entry.splitlines()[0]}"


def test_it_does_not_say_where_to_fetch_from() -> None:
    assert "://" not in LOCK
    assert set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", LOCK)) == {"--hash"}


def test_nothing_that_the_project_asks_for_is_left_out() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *project["build-system"]["requires"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
    ]
    locked = {re.split(r"[=\[ ]", entry)[0] for entry in ENTRIES}
    wanted = {re.split(r"[<>=!~\[ ;]", name)[0].lower().replace("_", "-").replace(".", "-") for name in asked}
    assert wanted <= locked, f"run `make lock`: {sorted(wanted - locked)}"
