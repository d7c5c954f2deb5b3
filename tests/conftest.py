"""What is the same for every test: the number of generated examples, a closed network, the place of reference data.

`DAYBREAK_DEEP=1` generates many more examples (`make prove`).
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

# No deadline: the first example of a run also pays for loading knowledge, and CI machines stall.
settings.register_profile("fast", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deep", parent=settings.get_profile("fast"), max_examples=2000)
settings.load_profile("deep" if os.environ.get("DAYBREAK_DEEP") == "1" else "fast")

ROOT = Path(__file__).parent.parent


class NetworkUsed(AssertionError):
    """A test spoke to a machine that is not this one."""


def _is_here(address: Any) -> bool:
    """Unix sockets and loopback are here; any name other than localhost is elsewhere, whatever it resolves to."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


class _LoopbackSocket(socket.socket):
    def connect(self, address: Any) -> None:
        _refuse_elsewhere(address)
        super().connect(address)

    def connect_ex(self, address: Any) -> int:
        _refuse_elsewhere(address)
        return super().connect_ex(address)

    def sendto(self, data: Any, *rest: Any) -> int:
        _refuse_elsewhere(rest[-1])
        return super().sendto(data, *rest)


def _refuse_elsewhere(address: Any) -> None:
    if not _is_here(address):
        raise NetworkUsed(
            f"A test tried to reach {address!r}; tests speak to this machine only. Give it the answer instead."
        )


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """Sockets reach this machine only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", _LoopbackSocket)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material: `DAYBREAK_SHARED`, else `../shared` beside the checkout. Skips without it."""
    named = os.environ.get("DAYBREAK_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    if folder.is_dir():
        return folder
    if named:
        pytest.fail(
            f"DAYBREAK_SHARED is {named!r}, which is no folder. Name that of the reference material or unset it."
        )
    pytest.skip("needs the reference material: set DAYBREAK_SHARED to its folder")


# Their tests share something that takes long to set up; in the browser those in Chinese may have one of their own.
TOGETHER = (
    "tests/browser/",
    "tests/cli/test_demo_clinic.py",
    "tests/web/demo/test_clinic.py",
    "tests/web/outbox/test_command.py",
    "tests/web/test_commands.py",
)


class _Together(LoadScopeScheduling):  # type: ignore[misc]
    """The tests of such a file stay with one worker."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return f"{file} {'zh-hans' in nodeid.lower()}" if file.startswith(TOGETHER) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """How are tests given out to workers? The largest group first."""
    return _Together(config, log)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None, django_db_blocker: Any) -> bool:
    """Either database begins with its tables, as a new clinic does: the migrations take longer than most tests."""
    from django.conf import settings
    from django.db import connection

    from daybreak.web import fresh
    from tests.web.migrated import copied

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        copied(Path(database["TEST"]["NAME"]))
        return True
    with django_db_blocker.unblock():
        before, name = connection.settings_dict["NAME"], connection.creation._get_test_db_name()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
        connection.settings_dict["NAME"] = name
        fresh.tables()
        connection.close()
        connection.settings_dict["NAME"] = before
    return True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`make test` asks the second database only what the first one was not asked alike: tests/web/statements.py."""
    if folder := os.environ.get("DAYBREAK_STATEMENTS"):
        from tests.web.statements import only_what_differs

        only_what_differs(config, items, Path(folder))
