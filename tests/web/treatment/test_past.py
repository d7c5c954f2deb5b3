"""Is what happened earlier written down with its honest time, and does what was put right keep its first word?"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from daybreak.clinical.treatment.commands import deviations
from daybreak.clinical.treatment.events import Outcome, Phase, What
from daybreak.web import ids
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Refused
from daybreak.web.tasks.models import Kind, Task
from daybreak.web.treatment import actions, context, past, queries, undo
from daybreak.web.treatment.models import SessionEvent
from tests.web.conftest import signed_in
from tests.web.treatment.steps import DEVICE, MINUTE, does, dosed, stands


def sends(client, session, page: str, **told):
    return client.post(f"/sessions/{session.id}/{page}", {"key": str(ids.new()), **told}, secure=True)


def shown(client, session, page: str = "") -> str:
    answer = client.get(f"/sessions/{session.id}/{page}", secure=True)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def last(session, what: What) -> SessionEvent:
    return SessionEvent.objects.filter(session=session, what=what).order_by("seq").last()


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"what": "vitals", "systolic": "130", "diastolic": "85", "spo2": "97"}, What.CHECK),
        ({"what": "level", "level": "moaa-s/4"}, What.CHECK),
        ({"what": "dose", "mg_low": "28", "mg_high": "28"}, What.DOSE),
        ({"what": "infusion_started", "mg_high": "40"}, What.INFUSION_STARTED),
        ({"what": "infusion_ended", "mg_low": "10", "mg_high": "20", "because": "line out"}, What.INFUSION_ENDED),
        ({"what": "paused"}, What.PAUSED),
        ({"what": "resumed"}, What.RESUMED),
        ({"what": "stopped", "why": "asked to"}, What.STOPPED),
        (
            {"what": "rescue", "kind": "sedative", "drug": "x", "mg": "1", "route": "iv", "ordered_by": "Ines"},
            What.RESCUE,
        ),
        ({"what": "event", "text": "wept"}, What.EVENT),
        ({"what": "answered", "answer": "ill/no"}, What.ANSWERED),
        ({"what": "emergency_opened"}, What.EMERGENCY_OPENED),
        ({"what": "emergency_closed"}, What.EMERGENCY_CLOSED),
        ({"what": "ended", "outcome": "unseen", "why": "was gone"}, What.ENDED),
    ],
)
def test_everything_can_be_written_down_late_with_its_time(session, nurse, told, what) -> None:
    client = signed_in(nurse)
    assert past.KINDS[told["what"]] is what
    assert f'value="{told["what"]}"' in shown(client, session, f"late/?what={told['what']}")
    assert sends(client, session, "late/", ago="10", off="5", **told).status_code == 302
    row = last(session, what)
    assert (row.late, row.uncertain_s) == (True, 300)
    assert abs(row.received - row.happened - 10 * MINUTE) < MINUTE


def test_two_figures_of_one_look_are_two_checks_and_a_second_sending_none(session, nurse) -> None:
    client, key = signed_in(nurse), str(ids.new())
    told = {"what": "vitals", "ago": "20", "systolic": "130", "diastolic": "85", "heart_rate": "61", "key": key}
    before = len(stands(session).checks)
    sends(client, session, "late/", **told)
    assert len(stands(session).checks) == before + 2


def test_a_clock_time_is_the_last_one_and_somebody_else_may_have_done_it(session, nurse, doctor) -> None:
    client = signed_in(nurse)
    at = datetime.now(UTC).astimezone(ZoneInfo(session.site.zone)) - timedelta(minutes=7)
    about = {"what": "event", "text": "fell", "ago": "clock", "done_by": str(doctor.id)}
    assert sends(client, session, "late/", clock=f"{at:%H:%M}", **about).status_code == 302
    row = last(session, What.EVENT)
    assert row.happened == at.replace(second=0, microsecond=0)
    assert f"{doctor.display_name}, written down by {nurse.display_name}" in shown(client, session)
    ahead = at + timedelta(minutes=30)
    sends(client, session, "late/", clock=f"{ahead:%H:%M}", **about)
    assert last(session, What.EVENT).happened == ahead.replace(second=0, microsecond=0) - timedelta(days=1)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"what": "event", "text": "x"}, "Say when it was"),
        ({"what": "event", "text": "x", "ago": "7"}, "Say when it was"),
        ({"what": "event", "text": "x", "ago": "5", "off": "3"}, "Say when it was"),
        ({"what": "event", "text": "x", "ago": "clock", "clock": "noon"}, "noon"),
        ({"what": "event", "text": "x", "ago": "5", "done_by": "somebody"}, "Choose who did it"),
        ({"what": "nothing", "ago": "5"}, "Say what happened"),
        ({"what": "vitals", "ago": "5"}, "Nothing was typed"),
        ({"what": "level", "ago": "5", "level": "hunger/1"}, "nothing of that name"),
        ({"what": "dose", "ago": "5", "mg_low": "5", "mg_high": "20"}, "not given in full"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_nothing_is_lost(session, nurse, told, says) -> None:
    before = queries.now(session).next
    answer = sends(signed_in(nurse), session, "late/", **told)
    assert answer.status_code >= 400
    page = html.unescape(answer.content.decode())
    assert says in page
    assert told.get("text", "") in page
    assert queries.now(session).next == before


def test_a_dose_without_order_is_told_as_what_went_before_it_or_as_the_protocol_has_it(
    session, nurse, monkeypatch
) -> None:
    monkeypatch.setattr("daybreak.web.treatment.signed.order", lambda session, at: None)
    client = signed_in(nurse)
    for n in (1, 2):
        sends(client, session, "late/", what="dose", ago="5", mg_low="28", mg_high="28")
        told = stands(session).exposures[-1]
        assert (told.drug, told.n) == ("esketamine", n)
    told = queries.Now(session, (), queries.fold(()))
    session.protocol = "no-such-protocol"
    assert past._dose(told, at=session.created) == {"n": 1, "of": 1}


def test_what_is_put_right_stands_beside_its_first_word(session, nurse, noon) -> None:
    client = signed_in(nurse)
    does(session, What.CHECK, nurse, noon, row="pressure", value={"systolic": "210", "diastolic": "80"})
    seq = last(session, What.CHECK).seq
    page = f"events/{seq}/"
    assert 'value="210"' in shown(client, session, page)
    told = {"systolic": "120", "diastolic": "80"}
    assert "Say why" in sends(client, session, page, **told).content.decode()
    assert sends(client, session, page, reason="mistyped", **told).status_code == 302
    assert stands(session).latest("pressure").value == told
    for where in ("", page):
        text = shown(client, session, where)
        assert "<del>" in text
        assert "210/80" in text
        assert "120/80" in text
        assert "mistyped" in text


def test_only_the_time_is_put_right(session, nurse, noon) -> None:
    dosed(session, nurse, noon)
    seq = next(one.seq for one in queries.now(session).events if one.told.get("n") == 2)
    earlier = noon + 2 * MINUTE
    key = ids.new()
    about = {"happened": earlier, "uncertain": MINUTE, "why": "tapped late", "by": nurse, "key": key}
    row = actions.correct(session, seq, at=noon + 9 * MINUTE, **about)
    assert actions.correct(session, seq, at=noon + 9 * MINUTE, **about) == row
    moved = stands(session).exposures[1]
    assert (moved.first, moved.last) == (earlier - MINUTE, earlier + MINUTE)
    assert not Task.objects.filter(what="treatment.task_book").exists(), "the book knows nothing of minutes"
    found = {one.reason.id for one in deviations(queries.now(session).events, context.rules(session, at=noon))}
    assert "session.devices-apart" in found
    with pytest.raises(Refused, match="in the future"):
        actions.correct(session, seq, at=noon, happened=noon + MINUTE, why="x", by=nurse, key=ids.new())
    client = signed_in(nurse)
    assert "± 1 min" in shown(client, session, f"events/{seq}/")
    sends(client, session, f"events/{seq}/", ago="1", reason="later still", mg_low="28", mg_high="28")
    assert stands(session).exposures[1].mg_low == 28


def test_another_amount_is_a_task_of_the_pharmacist_and_the_page_says_so(session, nurse, noon) -> None:
    dosed(session, nurse, noon)
    client = signed_in(nurse)
    seq = next(one.seq for one in queries.now(session).events if one.told.get("n") == 2)
    assert "does not change the cupboard's book" in shown(client, session, f"events/{seq}/")
    told = {"mg_low": "0", "mg_high": "14", "because": "sneezed", "reason": "on her sleeve"}
    assert sends(client, session, f"events/{seq}/", **told).status_code == 302
    (task,) = Task.objects.filter(what="treatment.task_book")
    assert (task.role, task.patient) == (Role.PHARMACIST, None)
    assert task.where.startswith("/cupboard/takes/")
    exposure = stands(session).exposures[1]
    assert (exposure.mg_low, exposure.mg_high) == (0, 14)


def test_without_anything_taken_the_task_leads_to_the_cupboard(session, nurse, noon) -> None:
    actions.report(session, What.DOSE, {"n": 1, **DEVICE}, happened=noon, by=nurse, at=noon, key=ids.new())
    seq = last(session, What.DOSE).seq
    told = {"n": 1, **DEVICE, "mg_low": "0", "full": False, "why": "x"}
    row = actions.correct(session, seq, told, why="x", by=nurse, at=noon, key=ids.new())
    assert Task.objects.get(what="treatment.task_book").where == "/cupboard/"
    lacking = queries.now(session).events[row.seq - 1].told["told"]["lacking"]
    assert lacking[0]["id"] == "session.not-now", "what was missing then was missing all the same"
    actions.correct(session, seq, told | {"mg_high": "20"}, why="y", by=nurse, at=noon, key=ids.new())
    found = {one.reason.id for one in deviations(queries.now(session).events, context.rules(session, at=noon))}
    assert "session.not-now" in found


def test_an_answer_that_becomes_another_asks_what_it_asks(session, nurse, noon) -> None:
    does(session, What.ANSWERED, nurse, noon, question="suicide", answer="no")
    client = signed_in(nurse)
    seq = last(session, What.ANSWERED).seq
    page = f"events/{seq}/"
    wrong = sends(client, session, page, answer="ill/no", reason="x")
    assert "one of the answers" in wrong.content.decode()
    sends(client, session, page, answer="suicide/yes", reason="misheard")
    assert stands(session).answers["suicide"].answer == "yes"
    assert Task.objects.filter(kind=Kind.SUICIDE).count() == 1


def test_what_never_was_is_taken_back_and_what_is_the_same_is_no_correction(session, nurse, noon) -> None:
    does(session, What.EVENT, nurse, noon, text="fell")
    client = signed_in(nurse)
    page = f"events/{last(session, What.EVENT).seq}/"
    same = sends(client, session, page, text="fell", reason="x")
    assert "Nothing is another" in same.content.decode()
    assert sends(client, session, page, text="fell", never="yes", reason="other room").status_code == 302
    assert "It never was" in shown(client, session)
    assert sends(client, session, page, text="nearly fell", reason="this room after all").status_code == 302
    assert "nearly fell" in shown(client, session, page)


def test_another_row_is_no_correction_of_this_one(session, nurse, noon) -> None:
    does(session, What.CHECK, nurse, noon, row="moaa-s", value=5)
    client = signed_in(nurse)
    page = f"events/{last(session, What.CHECK).seq}/"
    assert "moaa-s/5" in shown(client, session, page)
    assert sends(client, session, page, level="nausea/1", reason="x").status_code == 422
    assert sends(client, session, page, level="moaa-s/4", reason="x").status_code == 302
    assert stands(session).latest("moaa-s").value == 4


def test_what_is_signed_and_who_it_is_have_no_form_for_another_word(session, nurse, noon) -> None:
    dosed(session, nurse, noon)
    client = signed_in(nurse)
    for what, says in ((What.CLEARED, "cannot be corrected"), (What.IDENTIFIED, "time is right")):
        text = shown(client, session, f"events/{last(session, what).seq}/")
        assert says in text
        assert "mg_low" not in text
    assert client.get(f"/sessions/{session.id}/events/999/", secure=True).status_code == 404
    seq = last(session, What.IDENTIFIED).seq
    with pytest.raises(Refused, match="cannot be corrected"):
        actions.correct(session, seq, {"matched": True}, why="x", by=nurse, at=noon, key=ids.new())


def test_what_was_not_told_of_an_end_after_it_can_still_be_told(session, nurse, noon) -> None:
    dosed(session, nurse, noon)
    does(session, What.ENDED, nurse, noon + 30 * MINUTE, outcome="against_advice", why="has to go")
    sends(signed_in(nurse), session, "late/", what="event", ago="1", text="steady on her feet")
    state = stands(session)
    assert (state.phase, state.outcome) == (Phase.CLOSED, Outcome.AGAINST_ADVICE)
    assert last(session, What.EVENT).late


def test_nothing_is_chosen_beforehand_and_what_bears_a_label_is_not_shown_by_the_form(
    session, nurse, doctor, noon
) -> None:
    for kind in ("level", "answered", "rescue", "ended"):
        page = shown(signed_in(nurse), session, f"late/?what={kind}")
        assert re.search(r'<select id="(level|answer|kind|outcome)"[^>]*required><option value="">', page), kind
        assert sends(signed_in(nurse), session, "late/", what=kind, ago="5", drug="x", mg="1").status_code == 422
    row = does(session, What.ANSWERED, nurse, noon, question="pregnancy", answer="breast_feeding")
    chosen = 'value="pregnancy/breast_feeding" selected'
    assert chosen not in shown(signed_in(nurse), session, f"events/{row.seq}/")
    assert chosen in shown(signed_in(doctor), session, f"events/{row.seq}/")


def test_a_tap_is_taken_back_as_a_whole_for_a_moment_and_its_first_word_stays(session, nurse, doctor) -> None:
    client, other = signed_in(nurse), signed_in(doctor)
    figures = {"sheet": "vitals", "systolic": "210", "diastolic": "100", "spo2": "97"}
    sends(client, session, "checks/", **figures)
    row = last(session, What.CHECK)
    assert "Undo:" in shown(client, session, "cockpit/")
    assert "Undo:" not in shown(other, session, "cockpit/"), "it is offered to whoever tapped"
    assert sends(other, session, "back/", seq=str(row.seq)).status_code == 422
    assert sends(client, session, "back/", seq="x").status_code == 422
    key = str(ids.new())
    for _ in range(2):
        assert sends(client, session, "back/", seq=str(row.seq), key=key).status_code == 302
    assert stands(session).checks == ()
    assert SessionEvent.objects.filter(session=session, what=What.CORRECTED).count() == 2
    assert "Undo:" not in shown(client, session, "cockpit/")
    assert "It never was" in shown(client, session)
    assert sends(client, session, "back/", seq=str(row.seq)).status_code == 422


def test_after_ten_seconds_it_is_offered_no_more_and_after_a_minute_refused(session, nurse, noon) -> None:
    row = does(session, What.EVENT, nurse, noon, text="fell")
    now = queries.now(session)
    assert undo.offered(now, nurse, at=noon + undo.OFFERED)
    assert not undo.offered(now, nurse, at=noon + undo.OFFERED + timedelta(seconds=1))
    assert not undo.offered(now, nurse, at=noon - MINUTE), "a clock that was set back"
    with pytest.raises(Refused, match="too long ago"):
        undo.take_back(session, row.seq, by=nurse, at=noon + 2 * MINUTE, key=ids.new())
