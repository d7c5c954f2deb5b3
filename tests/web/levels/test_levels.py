"""Is a predicted concentration shown only where somebody signed for it, with everything that has to stand beside it?"""

from __future__ import annotations

import html
import sys
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.kinetics import curve
from daybreak.clinical.treatment.session import fold
from daybreak.knowledge import kinetics
from daybreak.web import ids
from daybreak.web.chronicle import actions as records
from daybreak.web.levels import reckoned as reckoning
from daybreak.web.levels import told
from daybreak.web.levels.drawn import drawn
from daybreak.web.levels.reckoned import reckoned
from daybreak.web.switches.models import Function
from daybreak.web.treatment.queries import Now
from tests.clinical.treatment.build import BEGIN, Story
from tests.web.conftest import signed_in
from tests.web.switches.samples import switch
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched
from tests.web.treatment.steps import DEVICE, MINUTE, cleared, does

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
HOUR = 60 * MINUTE


def sprayed(of: int = 2) -> Story:
    """Of the last device nobody knows how much."""
    story = Story()
    for n in range(1, of + 1):
        low = "0" if n == of else "28"
        story.device(n, at=5 * n, of=of, route="device", mg_low=low)
    return story


def infused(*, weight: str | None = "70", **scale: Any) -> Story:
    order = {"minutes": 40} | ({"weight_kg": weight} if weight else {})
    story = Story().tell(What.PUMP_COMPARED, **scale) if scale else Story()
    story.tell(What.TIMED_OUT, order=order)
    story.tell(What.INFUSION_STARTED, drug="ketamine", route="infusion", mg_high="35")
    return story.tell(What.INFUSION_ENDED, at=40, mg_low="35", mg_high="35")


@pytest.fixture
def of(monkeypatch):
    """The session of somebody who is 45, by events alone."""

    def made(story: Story, *, birth: str = "1981-05-02", at: float = 60) -> Any:
        monkeypatch.setattr(reckoning.patients, "details", lambda patient: SimpleNamespace(birth=birth))
        session: Any = SimpleNamespace(patient=None, site=SimpleNamespace(zone="Asia/Kolkata"))
        return reckoned(Now(session, tuple(story.events), fold(story.events)), at=BEGIN + at * MINUTE)

    return made


def holds(edges: Any, values: tuple[float, ...]) -> bool:
    return all(a - 1e-6 <= one <= b + 1e-6 for a, one, b in zip(edges.low, values, edges.high, strict=True))


# ---------- what is reckoned ----------
def test_what_is_not_known_of_the_patient_and_of_the_dose_widens_the_band(of) -> None:
    found = of(sprayed(), at=65)
    (model,) = kinetics.models("esketamine", "nasal")
    assert (found.minutes, found.ages) == (60, (45, 45))
    for asian, japanese in ((False, False), (True, False), (True, True)):
        body = kinetics.nasal(model, age=45, asian=asian, japanese=japanese)
        for devices in ([(28.0, 0.0)], [(28.0, 0.0), (28.0, 5.0)]):
            assert holds(found.edges, curve(body.model(), body.devices(devices), range(61)))
    assert found.people is not None
    assert holds(found.people, found.edges.low)
    assert holds(found.people, found.edges.high)
    assert found.people.high[40] > found.edges.high[40]


def test_whoever_s_birth_year_alone_is_known_is_of_either_age(of) -> None:
    found = of(sprayed(), birth="1950")
    assert found.ages == (75, 76)
    assert "75–76 years old." in told.about(found, "en")


@pytest.mark.parametrize(
    ("birth", "reason"), [("", "levels.no-age"), ("1920", "levels.other-age"), ("2015-02", "levels.other-age")]
)
def test_somebody_whom_the_model_does_not_know_has_no_curve(of, birth, reason) -> None:
    assert [one.id for one in of(sprayed(), birth=birth)] == [reason]


def test_more_than_the_model_was_made_of_another_drug_and_no_weight_have_no_curve(of) -> None:
    assert [one.id for one in of(sprayed(5))] == ["levels.beyond"]
    assert [one.id for one in of(Story().device(1, at=0, route="injection"))] == ["levels.no-model"]
    assert [one.id for one in of(infused(weight=None))] == ["levels.no-weight"]
    assert [one.id for one in of(infused(weight=None, scale="70", refused=[{"id": "x"}]))] == ["levels.no-weight"]


def test_an_infusion_is_a_band_of_models_and_two_weights_widen_each(of) -> None:
    found = of(infused())
    assert [round(line.high[40]) for line in found.lines] == [240, 177, 253]
    assert (found.edges.low[40], found.edges.high[40]) == (found.lines[1].low[40], found.lines[2].high[40])
    wider = of(infused(scale="77"))
    assert dict(wider.kgs) == {"order": 70, "scale": 77}
    assert all(line.low[40] < own.low[40] == line.high[40] for line, own in zip(wider.lines, found.lines, strict=True))
    assert of(infused(), at=40 + 26 * 60).minutes == 24 * 60
    assert told.measured(found, "en").rows[0][:3] == ("racemic ketamine 0.5 mg/kg, 40 min", "Cmax", "185 ng/mL")


def test_nothing_is_drawn_of_the_time_after_the_session(of) -> None:
    story = sprayed().tell(What.ENDED, at=125, outcome="discharged")
    assert of(story, at=600).minutes == 120


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_drawing_the_table_and_the_words_say_the_same_in_the_hours_of_the_site(of, language) -> None:
    found = of(infused().tell(What.EVENT, at=50), at=55)
    about = {"title": "t", "desc": told.summary(found, language), "language": language}
    root = ElementTree.fromstring(drawn(found, zone="Asia/Kolkata", **about))
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert kinetics.words()[0][language] in texts
    assert "14:30 · 35 mg" in texts  # 9:00 UTC, and half an hour beside the whole one
    table = told.table(found, language)
    assert [len(row) for row in table.rows] == [len(table.head)] * 7
    assert table.rows[-1][1] == "55"
    assert table.rows[4][2:] == ("177–253", "240", "177", "253")
    assert table.rows[-1][2] in told.summary(found, language)


def test_what_runs_says_so_and_what_is_not_sure_too(of) -> None:
    story = Story().tell(What.TIMED_OUT, order={"minutes": 40, "weight_kg": "70"})
    story.tell(What.INFUSION_STARTED, uncertain_s=300, drug="ketamine", route="infusion", mg_high="35")
    (said,) = told.given(of(story, at=20), "en")
    assert "0–21.9 mg" in said, "25 of 40 minutes of 35 mg, and no less than that"
    assert "the lower edge is nothing" in said
    assert "When it was is not known exactly" in said
    (_, said) = told.given(of(sprayed()), "en")
    assert "0–28 mg" in said
    assert "How much it was is not known exactly" in said


# ---------- where it is shown ----------
def page(session, nurse) -> str:
    answer = signed_in(nurse).get(f"/sessions/{session.id}/levels/", secure=True)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def paper(session, nurse, at) -> str:
    about = {"language": "en", "labelled": False, "by": nurse, "at": at, "key": ids.new()}
    pages = PdfReader(BytesIO(bytes(records.make(session, **about).bytes))).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def test_nothing_is_drawn_until_somebody_signs_for_it(session, site, doctor, nurse, noon, monkeypatch) -> None:
    warning = kinetics.words()[0]["en"]
    off = page(session, nurse)
    assert "switched off at this site" in off
    assert warning in off
    switch(site, Function.CONCENTRATION, doctor)
    assert "Nothing was given in this session" in page(session, nurse)
    assert "Nothing was given in this session" in paper(session, nurse, noon)
    cleared(session, nurse, noon)
    does(session, What.DOSE, nurse, noon, n=1, **{**DEVICE, "route": "device", "mg_low": "0", "why": "sneezed"})
    said = page(session, nurse)
    for one in ("<svg", warning, *told.limits("en"), "Perez-Ruixo", "secondary source", "0–28 mg"):
        assert one in said
    kept = paper(session, nurse, noon + HOUR)
    assert warning in kept
    assert "Evidence, not an answer" in kept
    monkeypatch.setitem(sys.modules, "daybreak.outcomes", None)
    said = page(session, nurse)
    assert "pip install daybreak[outcomes]" in said
    assert "<svg" in said
    switch(site, Function.CONCENTRATION, doctor, on=False)
    assert "<svg" not in page(session, nurse)
    assert warning not in paper(session, nurse, noon + HOUR)
