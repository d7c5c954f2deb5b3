"""Is somebody whose treatment ended still called and asked about suicide, on its days and no longer?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.clinical import records
from daybreak.web import ids
from daybreak.web.outbox.models import Message
from daybreak.web.patients import actions as patients
from daybreak.web.reach import followed
from daybreak.web.reach.models import BACK, DIED, MOVED, STOPPED
from daybreak.web.refusals import Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.queries import still_open
from tests.web.conftest import NOW
from tests.web.reach.samples import reached
from tests.web.reach.test_standing import say

DAY = timedelta(days=1)


def calls() -> list[Task]:
    return list(Task.objects.filter(what=followed.CALL).order_by("created"))


def test_each_day_is_called_for_once_and_nothing_is_sent(patient, nurse) -> None:
    reached(patient, nurse)
    say(patient, STOPPED, nurse)
    made = [followed.look(at=NOW + n * DAY) for n in (1, 2, 3, 7, 7, 14, 28, 29, 35)]
    assert made == [0, 1, 0, 1, 0, 1, 1, 0, 0]
    assert not Message.objects.exists()
    assert {one.role for one in calls()} == {"nurse"}


def test_it_is_done_only_with_what_was_said_about_suicide(patient, nurse) -> None:
    say(patient, STOPPED, nurse)
    followed.look(at=NOW + 2 * DAY)
    (task,) = calls()

    def close() -> None:
        tasks.close(task, result=tasks.DONE, text="well", by=nurse, at=NOW + 2 * DAY, key=ids.new())

    with pytest.raises(Refused, match="suicide"):
        close()
    answer = records.Observation("", "c-ssrs-screen.risk", "none", records.on((NOW + 2 * DAY).date()))
    patients.rated(patient, [answer], site_id=task.site_id, by=nurse, at=NOW + 2 * DAY)
    close()
    assert not still_open(Task.objects.filter(pk=task.pk)).exists()


@pytest.mark.parametrize("kind", [BACK, DIED, MOVED])
def test_what_is_said_after_it_ends_the_calls(patient, nurse, kind) -> None:
    say(patient, STOPPED, nurse)
    followed.look(at=NOW + 2 * DAY)
    say(patient, kind, nurse, seen=1)
    assert followed.look(at=NOW + 7 * DAY) == 0
    assert still_open(Task.objects.filter(what=followed.CALL)).exists() is (kind != DIED), "who died is not called"


def test_a_clock_that_was_off_asks_for_the_last_one_and_one_that_goes_wrong_holds_back_nobody(
    patient, nurse, monkeypatch, caplog
) -> None:
    say(patient, STOPPED, nurse)
    with monkeypatch.context() as broken:
        broken.setattr(followed, "locked", lambda *_, **__: 1 / 0)
        assert followed.look(at=NOW + 14 * DAY) == 0
    assert "ZeroDivisionError" in caplog.text
    assert str(patient.id) not in caplog.text
    assert followed.look(at=NOW + 14 * DAY) == 1
    assert len(calls()) == 1
