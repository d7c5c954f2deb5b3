"""Do fifty who begin at the same moment, each with a key of their own, begin one session and give one first device?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.refusals import Conflict
from daybreak.web.treatment import actions, queries
from daybreak.web.treatment.models import Session, SessionEvent
from tests.browser.clinic import own_database
from tests.web.treatment.steps import DEVICE, cleared, stands

MANY = 50


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[None]:
    """A database of its own, in place of what is undone after each test: what several at once write is committed."""
    with django_db_blocker.unblock(), own_database(tmp_path.name, tmp_path):
        yield


def at_once(do: Callable[[], Any]) -> list[Any]:
    """Everybody at the same moment; what each got, or was told."""
    ready, found = threading.Barrier(MANY), []

    def answered() -> Any:
        """On a machine that is busy SQLite sends some of so many away before it is their turn: they ask again, as a page does."""
        while True:
            try:
                return do()
            except OperationalError:
                connection.close()

    def one() -> None:
        try:
            ready.wait(30)
            found.append(answered())
        except Conflict as refused:
            found.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    return found


def test_fifty_at_once_begin_one_session_and_give_one_device(booking, nurse, noon) -> None:
    begun = at_once(lambda: actions.begin(booking, by=nurse, at=noon, key=ids.new()))
    assert len(begun) == MANY
    assert sum(isinstance(one, Session) for one in begun) == 1
    session = Session.objects.get(booking=booking)
    cleared(session, nurse, noon)
    given = at_once(lambda: actions.act(session, What.DOSE, {"n": 1, **DEVICE}, by=nurse, at=noon, key=ids.new()))
    assert len(given) == MANY
    assert sum(isinstance(one, SessionEvent) for one in given) == 1
    assert len(stands(session).exposures) == 1
    same = ids.new()
    second = noon + timedelta(minutes=5)
    again = at_once(lambda: actions.act(session, What.DOSE, {"n": 2, **DEVICE}, by=nurse, at=second, key=same))
    assert len({one.pk for one in again}) == 1
    assert [one.seq for one in queries.now(session).events] == list(range(1, queries.now(session).next))
