"""Does a day on which nobody confirmed can be called become a task of whoever keeps the rota, and end when it is filled?"""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta

import pytest

from daybreak.knowledge.spans import span
from daybreak.web import ids
from daybreak.web.people import grants
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.rota import actions, gaps
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.queries import still_open, visible
from tests.web.conftest import NOW, signed_in
from tests.web.rota.test_rota import HOUR, TUESDAY, added, confirmed, ines, lee, mailing, shift
from tests.web.tasks.calls import order, reached

__all__ = ["ines", "lee", "mailing", "shift"]
A_WEEK = timedelta(days=7)


@pytest.fixture
def ada(person):
    return person("ada", Role.ADMINISTRATOR)


def waiting() -> list[str]:
    return [one.values for one in still_open(Task.objects.filter(what="rota.task_gap")).order_by("id")]


def test_hours_without_anybody_confirmed_are_asked_for_until_they_are_filled(site, lee, shift, ada) -> None:
    assert [gaps.look(at=NOW) for _ in range(2)] == [1, 0]
    task = Task.objects.get()
    assert (task.level, task.due, task.by, task.role) == ("today", NOW, None, Role.ADMINISTRATOR)
    assert [list(visible(one, at=NOW)) for one in (ada, lee)] == [[task], []]
    assert f"#site-{site.id}" in task.where
    confirmed(shift)
    assert gaps.look(at=NOW) == 0
    assert waiting() == []
    confirmed(shift, there=False, at=NOW + HOUR)
    assert gaps.look(at=NOW + HOUR) == 1
    gaps.look(at=NOW + 10 * HOUR)
    assert waiting() == [], "the hours are over"


def test_only_near_hours_in_which_somebody_is_named_are_asked_for(site, lee, ines, shift) -> None:
    confirmed(shift)
    starts = NOW + A_WEEK - HOUR  # the next Tuesday at eight
    assert gaps.look(at=NOW + 10 * HOUR) == 0, "at night nobody is named, and nobody promised anything"
    confirmed(shift, there=False, at=NOW + 11 * HOUR)
    assert gaps.look(at=starts - span("rota-gap")) == 0
    assert gaps.look(at=starts - span("rota-gap") + HOUR) == 1
    assert Task.objects.get().due == starts
    assert Task.objects.get().level == "by"


def test_who_cannot_be_called_any_more_fills_nothing(site, lee, shift) -> None:
    confirmed(shift)
    assert gaps.look(at=NOW) == 0
    grants.disable(lee, by=None, at=NOW + HOUR)
    assert gaps.look(at=NOW + HOUR) == 1


def test_what_somebody_said_is_not_needed_is_not_asked_for_again_and_done_is_looked_at(site, shift, ada) -> None:
    gaps.look(at=NOW)
    tasks.close(Task.objects.get(), result="done", text="", by=ada, at=NOW, key=ids.new())
    assert gaps.look(at=NOW) == 1
    again = still_open(Task.objects.all()).get()
    tasks.close(again, result="not_needed", text="closed for a holiday", by=ada, at=NOW, key=ids.new())
    assert gaps.look(at=NOW) == 0


def test_each_site_has_its_own_days_and_tasks_and_many_cost_no_more(
    site, lee, ines, django_assert_max_num_queries
) -> None:
    reached(lee, ines)
    Site.objects.update(zone="Asia/Tokyo")
    order(site, lee, by=ines, ends=NOW + 2 * HOUR)
    added(site, lee, ines, weekday=2)
    with django_assert_max_num_queries(8):
        gaps.gaps([site], at=NOW)
    assert gaps.look(at=NOW) == 1
    assert waiting() == ['{"day": "2026-11-25"}']


def test_the_last_day_of_a_word_is_said(site, lee, ines, shift) -> None:
    client, now = signed_in(lee), datetime.now(UTC)
    assert "Nobody has said that they are there" in page(client)
    confirmed(shift, at=now)
    assert "no last day is laid down" in page(client)
    last = now.date() + timedelta(days=10)
    tuesday = last - timedelta(days=(last.weekday() - TUESDAY) % 7)
    actions.end_shift(shift, last=last, by=ines, at=now, key=ids.new())
    client.post("/language/", {"language": "zh-hans", "next": "/"}, secure=True)
    assert f"最后一次有效的日期：{tuesday}" in page(client)
    order(site, lee, by=ines, starts=now, ends=now + 20 * A_WEEK, at=now)
    client.post("/language/", {"language": "en", "next": "/"}, secure=True)
    assert f"are there: {(now + 20 * A_WEEK).date()}" in page(client)


def page(client) -> str:
    return html.unescape(client.get("/rota/", secure=True).content.decode())
