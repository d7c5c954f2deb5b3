"""Does the patient take home, as a file too, when to get help first and until when not to drive, in their own language?"""

from __future__ import annotations

import html
from datetime import timedelta

import pytest

from daybreak.clinical.treatment.events import What
from daybreak.knowledge import sessions
from daybreak.web import ids, zones
from daybreak.web.chronicle import hand_out as given
from daybreak.web.chronicle.hand_out import RED
from daybreak.web.papers.models import Paper
from daybreak.web.reach import queries as reach
from daybreak.web.treatment import actions as treatment
from daybreak.web.words import word
from tests.web.chronicle.test_record import make, text
from tests.web.conftest import signed_in
from tests.web.treatment.steps import DEVICE, MINUTE


@pytest.fixture
def dosed_once(session, nurse, noon):
    about = {"happened": noon, "by": nurse, "at": noon + MINUTE, "key": ids.new()}
    treatment.report(session, What.DOSE, {**DEVICE, "n": 1, "of": 1}, **about)
    return session


def test_the_file_says_what_the_page_says_and_is_kept(dosed_once, nurse, noon) -> None:
    client, address = signed_in(nurse), f"/sessions/{dosed_once.id}/hand-out/"
    key = str(ids.new())
    for _ in range(2):
        assert client.post(address, {"key": key}, secure=True).status_code == 302
    row = Paper.objects.get(kind="hand_out")
    said, page = text(row), html.unescape(client.get(address, secure=True).content.decode())
    tomorrow = (zones.day(noon, dosed_once.site.zone) + timedelta(days=1)).isoformat()
    for one in (*(word(id, "en") for id in RED), f"No driving before {tomorrow}", "restful sleep"):
        assert one in page
        assert one in said
    assert said.index("Get help at once") < said.index("No driving")
    assert row.sha256 in page
    assert not [one for one in ("ketamine", "psychiat", "depress", "keller") if one in said.casefold()]
    assert (row.patient_id, row.by) == (dosed_once.patient_id, nurse)
    record = text(make(dosed_once, nurse, noon + 2 * MINUTE))
    assert row.sha256 not in record, "only of a session that was left"


def test_hours_that_are_counted_are_a_clock_time_of_the_site_in_the_patients_language(
    dosed_once, nurse, noon, monkeypatch
) -> None:
    monkeypatch.setattr(reach, "written_in", lambda patient: "zh-Hans")
    hours = {"esketamine": 24}
    real = sessions.rules
    monkeypatch.setattr(sessions, "rules", lambda *a, **k: _with(real(*a, **k), hours))
    said = text(given.give(dosed_once, by=nurse, at=noon + MINUTE, key=ids.new()))
    assert "之前不要驾驶" in said
    until = noon + timedelta(hours=24)
    with zones.timezone.override(zones.ZoneInfo(dosed_once.site.zone)):
        assert f"{zones.timezone.localtime(until):%Y-%m-%d %H:%M}" in said


def _with(rules, hours):
    from dataclasses import replace

    return replace(rules, no_driving_hours=hours)
