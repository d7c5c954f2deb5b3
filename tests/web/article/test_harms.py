"""Does a side effect that somebody charts in a session stand in its record, and in the rates that are read of the clinic?"""

from __future__ import annotations

import re

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from tests.web.article.points import journeys, page, plain
from tests.web.conftest import signed_in
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched
from tests.web.treatment.steps import DEVICE, cleared, does

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
OWN = "In own words"


@journeys(
    13,
    {
        "heart": ("fast_heart", "fast heart beat", "fast_heart", "Fast heart beat"),
        "pressure": ("high_pressure", "high blood pressure", "high_pressure", "Blood pressure raised"),
        "voice": ("vocalisation", "speaking or calling out unasked", "", ""),
        "confusion": ("confusion", "confusion", "confusion", "Confusion or delirium"),
        "hallucination": ("hallucination", "hallucination", "hallucination", "Hallucination"),
        "tremor": ("tremor", "tremor", "tremor", "Tremor"),
        "tone": ("muscle_tone", "stiff muscles", "muscle_tone", "Stiff muscles or spasms"),
        "drowsiness": ("drowsiness", "drowsiness", "sedation", "Sedation or sleepiness"),
        "memory": ("memory", "memory loss", "memory", "Memory impaired"),
    },
)
def test_a_side_effect_is_charted_and_then_counted(session, nurse, noon, case) -> None:
    row, said, term, words = case
    cleared(session, nurse, noon)
    does(session, What.DOSE, nurse, noon, n=1, **DEVICE)
    client = signed_in(nurse)
    record, rates = f"/sessions/{session.id}/", "/adverse/rates/"
    charted = f"Check: {said} · 2"
    assert charted not in plain(page(client, record))
    sent = {"key": str(ids.new()), row: "2"}
    assert client.post(f"/sessions/{session.id}/checks/", sent, secure=True).status_code == 302
    assert charted in plain(page(client, record))

    event = f"/patients/{session.patient_id}/adverse/?session={session.id}"
    proposed = re.findall(r"[?&;]line=(\d+)", page(client, event))
    (line,) = set(proposed)
    text = page(client, f"{event}&line={line}")
    assert said in plain(text)
    if term:
        assert f'<option value="{term}">Proposed: {words}' in text
    told = {"term": term} if term else {"text": said}
    sent = {"key": str(ids.new()), "session": str(session.id), "line": line, **told}
    before = counted(page(client, rates))
    assert client.post(f"/patients/{session.patient_id}/adverse/", sent, secure=True).status_code == 302
    after = counted(page(client, rates))
    assert (words or OWN) not in before
    assert after[words or OWN].startswith("1/1")


def counted(text: str) -> dict[str, str]:
    """Each line of the rates: in how many of how many treatments."""
    return {
        plain(title): plain(n)
        for title, n in re.findall(r'<tr><th scope="row">(.*?)</th><td class="number">(.*?)</td>', text, re.DOTALL)
    }
