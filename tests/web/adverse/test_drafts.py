"""Does the draft of a paper name what the record knows, what it lacks, and nobody by name?"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import BytesIO, StringIO

import pytest
from pypdf import PdfReader

from daybreak.knowledge import adverse
from daybreak.web import ids
from daybreak.web.adverse import keeping
from daybreak.web.papers.models import Paper
from daybreak.web.refusals import Conflict, Forbidden
from tests.web.adverse.test_events import NAUSEA, judge, tell
from tests.web.conftest import signed_in
from tests.web.rems.samples import over
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]


def fetched(client, row, form: str, kind: str) -> str:
    answer = client.get(f"/patients/{row.patient_id}/adverse/{row.root}/draft/?form={form}&as={kind}", secure=True)
    assert answer.status_code == 200
    assert "Keller" not in str(answer.headers)
    return answer.content.decode()


def test_every_paper_is_filled_from_the_record_and_names_what_it_lacks(session, nurse, doctor, noon) -> None:
    at = over(session, nurse, noon)
    told = replace(NAUSEA, text="=retched twice", serious={"hospital": "yes", "death": "no"})
    row = tell(session.patient, session.site, nurse, at, told=told, session=session)
    judge(row, doctor, at)
    client, found = signed_in(nurse), {}
    for form in adverse.forms():
        told = json.loads(fetched(client, row, form, "json"))
        found[form] = {one["id"]: one for one in told["fields"]}
        assert set(found[form]) == {one["id"] for one in adverse.fields(form)}
        assert told["missing"] == [id for id, one in found[form].items() if one["value"] is None]
        assert {"history", "address"} <= set(told["missing"])
        assert "Draft" in told["draft"]
        text = json.dumps(found[form], ensure_ascii=False)
        assert "Keller" not in text, "no name"
        assert "1971" not in text, "no day of birth"
    one = found["medwatch-3500a"]
    assert (one["lots"]["at"], one["lots"]["value"]) == ("C6", "A17")
    assert one["expiry"]["value"] == "A17: 2030-01-31"
    assert one["dose"]["value"] == "28 mg · 28 mg"
    assert one["serious"]["value"].startswith("Yes: admission to hospital")
    assert "Not known: an immediate risk of death" in one["serious"]["value"]
    assert "retched twice" in one["described"]["value"]
    assert "Probable" in one["described"]["value"]
    assert one["patient"]["value"] == f"AE-{str(row.root)[-8:]}"
    assert found["cioms-i"]["patient"]["value"] == "A.K."
    assert found["cioms-i"]["country"]["value"] is None
    table = list(csv.reader(StringIO(fetched(client, row, "cioms-i", "csv"))))
    assert table[0] == ["at", "id", "asks", "value", "by_hand"]
    assert len(table) == 1 + len(adverse.fields("cioms-i"))
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in table for cell in line)


def test_an_event_between_treatments_has_no_product_and_says_so(patient, site, nurse, noon) -> None:
    row = tell(patient, site, nurse, noon)
    told = json.loads(fetched(signed_in(nurse), row, "medwatch-3500", "json"))
    assert {"product", "dose", "route", "lots", "dates", "indication", "expiry"} <= set(told["missing"])
    assert told["reviewed"] is False


def test_it_is_kept_as_a_paper_once_and_sent_by_nobody(session, nurse, desk, noon) -> None:
    at = over(session, nurse, noon)
    row = tell(session.patient, session.site, nurse, at, session=session)
    about = {"version": row.id, "form": "medwatch-3500", "at": at}
    key = ids.new()
    paper = keeping.keep(row.root, by=nurse, key=key, **about)
    assert keeping.keep(row.root, by=nurse, key=key, **about) == paper
    text = " ".join(one.extract_text() for one in PdfReader(BytesIO(bytes(paper.bytes))).pages)
    assert "a person completes it" in text
    assert "No prescriber has judged" in text
    assert "Keller" not in text
    with pytest.raises(Forbidden):
        keeping.keep(row.root, by=desk, key=ids.new(), **about)
    with pytest.raises(Conflict):
        keeping.keep(row.root, by=nurse, key=ids.new(), **{**about, "version": ids.new()})
    address = f"/patients/{row.patient_id}/adverse/{row.root}/draft/?form=medwatch-3500"
    client = signed_in(nurse)
    assert client.post(address, {"key": str(ids.new()), "version": str(row.id)}, secure=True).status_code == 302
    assert Paper.objects.filter(about=f"adverse {row.root}").count() == 2
    assert str(paper.id) in client.get(address, secure=True).content.decode()
    assert client.get(address.replace("3500", "3600"), secure=True).status_code == 404
