"""Does every page say in red that an urgent answer has nobody after all were called, or that its notice does not leave?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from daybreak.web import ids
from daybreak.web.outbox import delivery, queries
from daybreak.web.outbox.models import Message
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions, paging
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW, signed_in
from tests.web.tasks.calls import answer
from tests.web.tasks.test_called_again import notified

MINUTE = timedelta(minutes=1)


def sent() -> None:
    for message in Message.objects.all():
        attempt, _ = delivery.begin(message, at=message.created)
        delivery.finish(attempt, "sent", error="", at=message.created)


@pytest.fixture
def answered(lee, patient, on_call):
    """Nobody took it; it was answered so many minutes ago."""

    def since(minutes: int) -> Task:
        answer(patient, lee, at=datetime.now(UTC) - minutes * MINUTE)
        sent()
        return Task.objects.get()

    return since


def page(person, language="en", address="/me/") -> str:
    client = signed_in(person)
    return client.get(address, secure=True, headers={"accept-language": language}).content.decode()


def test_what_nobody_took_stands_in_red_on_every_page_once_all_were_called(answered, lee, ines) -> None:
    task = answered(16)
    assert "nobody has taken although everybody was called: 1" in page(lee)
    assert f'<a href="/tasks/{task.id}/">' in page(ines)
    actions.take(task, by=ines, at=datetime.now(UTC), key=ids.new())
    assert "red-banner" not in page(lee)
    actions.give_back(task, text="I have to go", by=ines, at=datetime.now(UTC), key=ids.new())
    assert "red-banner" in page(lee)


def test_before_that_it_is_not_red(answered, lee) -> None:
    answered(14)
    assert "red-banner" not in page(lee)


def test_it_is_red_for_nobody_who_may_not_take_it(answered, person) -> None:
    answered(16)
    assert "red-banner" not in page(person("fay", Role.FRONT_DESK))


def test_a_notice_that_does_not_leave_names_whom_to_call(lee, patient, on_call) -> None:
    answer(patient, lee, at=datetime.now(UTC) - 2 * MINUTE)
    assert "do not leave. Call yourself: Ines" in page(lee)
    sent()
    assert "red-banner" not in page(lee)


def test_a_clock_that_went_back_calls_at_once_and_sends_what_it_had_meant_to(lee, patient, on_call) -> None:
    late = NOW + 90 * MINUTE
    answer(patient, lee, at=late)
    paging.call_due(at=late - 60 * MINUTE)
    assert sorted(notified()) == ["ines", "ines", "lee"], "nobody knows for how long they were due"
    paging.call_due(at=late - 59 * MINUTE)
    assert len(notified()) == 3, "once"
    first = Message.objects.get(created=late)
    attempt, _ = delivery.begin(first, at=late)
    delivery.finish(attempt, "failed", error="outbox.error_unreachable", at=late)
    assert delivery.begin(first, at=late - 60 * MINUTE), "nor for how long it has waited for the next try"
    assert len(queries.waiting(at=late - 60 * MINUTE)) == 2
