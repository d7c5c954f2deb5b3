"""Does nothing leave this machine, and is nothing that was read ever run?"""

from __future__ import annotations

import ast

from tests.house.test_import_law import imported
from tests.house.tree import modules

NETWORK = (
    "socket",
    "ssl",
    "http",
    "urllib.request",
    "urllib3",
    "ftplib",
    "smtplib",
    "asyncio",
    "requests",
    "httpx",
    "aiohttp",
)
RUNS_WHAT_IT_READS = ("pickle", "shelve", "marshal", "subprocess", "ctypes")
CALLS = {"eval", "exec", "compile", "os.system", "os.popen", "yaml.unsafe_load", "yaml.full_load", "yaml.load_all"}
# The rooms that will serve and send; they come with tests of their own about whom they may speak to.
OUTWARD = ("daybreak/web/", "daybreak/demo/")


def _is_within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def test_nothing_speaks_to_the_network() -> None:
    for path, module in modules().items():
        if not path.startswith(OUTWARD):
            assert [name for name in imported(module, path=path) if _is_within(name, NETWORK)] == [], path


def test_nothing_runs_what_it_reads() -> None:
    for path, module in modules().items():
        assert [name for name in imported(module, path=path) if _is_within(name, RUNS_WHAT_IT_READS)] == [], path
        calls = {ast.unparse(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}
        assert calls & CALLS == set(), path
