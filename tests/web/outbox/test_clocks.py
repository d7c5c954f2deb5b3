"""Does each try happen once when two clocks run, and does the clock go on when told to?

Threads see each other's rows only when these are committed: a database apart.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from daybreak.web import clock, ids
from daybreak.web.audit import sealer
from daybreak.web.audit.models import Entry
from daybreak.web.outbox import delivery
from daybreak.web.outbox.models import Attempt, Result
from daybreak.web.people import actions
from daybreak.web.people.models import Person
from daybreak.web.people.roles import Role
from tests.browser.clinic import own_database
from tests.web.conftest import NOW
from tests.web.outbox.conftest import post


@pytest.fixture
def lee(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[Person]:
    with django_db_blocker.unblock(), own_database(tmp_path.name, tmp_path):
        site = actions.found(organisation="Dawn", site="Main Street", rooms=[], at=NOW)
        told = {"display_name": "Lee", "language": "en", "by": None, "at": NOW, "key": ids.new()}
        link = actions.invite(login="lee", roles=[Role.NURSE], site=site, **told)
        yield Person.objects.get(pk=link.subject)


def together(work, *, times: int) -> None:
    """Do it in that many threads at the same moment."""
    ready = threading.Barrier(times)

    def one() -> None:
        try:
            ready.wait(10)
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_three_clocks_at_once_make_each_try_once(lee) -> None:
    for _ in range(5):
        post(lee)
    sent: list[int] = []
    together(lambda: sent.append(delivery.deliver(NOW)), times=3)
    assert sum(sent) == Attempt.objects.count() == Result.objects.filter(outcome="sent").count() == 5
    assert len(list(settings.PLACE.outbox.glob("*.eml"))) == 5


def test_the_clock_sends_beside_the_sealing_and_stops_when_told(lee, monkeypatch) -> None:
    monkeypatch.setattr(clock, "DELIVER_EVERY", 0.1)
    post(lee, at=datetime.now(UTC))
    stop = threading.Event()

    def until_sent() -> None:
        for _ in range(200):
            if Result.objects.exists():
                break
            stop.wait(0.1)
        stop.set()

    works = iter([lambda: clock.run(stop), until_sent])
    together(lambda: next(works)(), times=2)
    assert Result.objects.get().outcome == "sent"
    assert not Entry.objects.filter(seal__isnull=True).exists()


def test_what_goes_wrong_while_sealing_does_not_end_the_clock(lee, monkeypatch, caplog) -> None:
    stop, seal, tries = threading.Event(), sealer.seal, []

    def fails_once(*args, **other) -> int:
        tries.append(args)
        if len(tries) == 1:
            raise KeyError("about a patient")
        stop.set()
        return seal(*args, **other)

    monkeypatch.setattr(clock, "SEAL_EVERY", 0.05)
    monkeypatch.setattr(sealer, "seal", fails_once)
    clock.run(stop)
    assert len(tries) >= 2
    assert "the trail could not be seen to: KeyError" in caplog.text
    assert "about a patient" not in caplog.text
