"""Does a treatment owe its form until somebody proves that it was filed, by the calendar of its site?"""

from __future__ import annotations

import html
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from daybreak.web import ids, zones
from daybreak.web.papers.models import Paper
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.rems import queue
from daybreak.web.rems.models import Filing
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state
from tests.web.conftest import signed_in
from tests.web.rems.programme import PDF
from tests.web.rems.samples import MINUTE, file, over, sign
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
DAY = timedelta(days=1)


@pytest.fixture
def ended(session, nurse, noon):
    return over(session, nurse, noon)


def tasks(session) -> list[Task]:
    return list(Task.objects.filter(source__startswith="rems", patient=session.patient_id).order_by("id"))


def test_seven_days_of_the_site_s_calendar_then_it_is_overdue(session, ended, nurse) -> None:
    site, today = session.site, zones.day(ended, session.site.zone)
    for days, left in ((0, 7), (6, 1), (7, 0), (8, -1)):
        (one,) = queue.owed([site.id], at=ended + days * DAY)
        assert (one.left, one.last) == (left, today + 7 * DAY)
    (task,) = tasks(session)
    assert zones.day(task.due, site.zone) == today + 7 * DAY
    assert zones.day(task.due + MINUTE, site.zone) == today + 8 * DAY
    client = signed_in(nurse)
    page = html.unescape(client.get("/rems/", secure=True).content.decode())
    assert "days left" in page
    assert "Not signed yet" in page
    assert f"/sessions/{session.id}/rems/" in page
    assert queue.owed([ids.new()], at=ended) == []


def test_only_proof_of_filing_takes_it_off_the_list(session, ended, nurse, desk) -> None:
    form = sign(session, nurse, ended)
    (one,) = queue.owed([session.site_id], at=ended)
    assert one.form == form, "a signed form is still owed"
    (task,) = tasks(session)
    assert state(task).open
    key = ids.new()
    row = file(form, nurse, ended, key=key)
    assert file(form, nurse, ended, key=key) == row
    assert queue.owed([session.site_id], at=ended) == []
    assert not state(task).open
    with pytest.raises(Conflict):
        file(form, nurse, ended)
    with pytest.raises(Forbidden):
        file(form, desk, ended)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Filing.objects.update(reference="x")


def test_the_file_that_proves_it_is_kept_as_it_came(session, ended, nurse) -> None:
    form, client = sign(session, nurse, ended), signed_in(nurse)
    told = {
        "do": "file",
        "how": "fax",
        "reference": "page of 14:02",
        "day": zones.day(ended, session.site.zone).isoformat(),
    }
    told |= {"form": str(form.id), "key": str(ids.new()), "proof": SimpleUploadedFile("any name.exe", PDF)}
    assert client.post(f"/sessions/{session.id}/rems/", told, secure=True).status_code == 302
    paper = Paper.objects.get(pk=Filing.objects.get().paper_id)
    assert (bytes(paper.bytes), paper.sha256, paper.kind) == (PDF, sha256(PDF).hexdigest(), "rems_proof")
    page = client.get(f"/sessions/{session.id}/rems/", secure=True).content.decode()
    assert f"/papers/{paper.id}/" in page


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"day": None}, "rems.filed_when"),
        ({"proof": b"MZ"}, "papers.not_brought"),
        ({"how": "post"}, "rems.filed_how"),
        ({"reference": ""}, "rems.proof_missing"),
    ],
)
def test_without_day_way_and_proof_nothing_was_filed(session, ended, nurse, told, problem) -> None:
    form = sign(session, nurse, ended)
    with pytest.raises(Refused) as refused:
        file(form, nurse, ended, **told)
    assert refused.value.id == problem
    for day in (-DAY, DAY):
        with pytest.raises(Refused):
            file(form, nurse, ended, day=zones.day(ended, session.site.zone) + day)


def test_what_is_corrected_after_it_was_filed_is_filed_again(session, ended, nurse, doctor) -> None:
    form = sign(session, nurse, ended)
    file(form, nurse, ended)
    again = sign(session, doctor, ended + MINUTE)
    (one,) = queue.owed([session.site_id], at=ended)
    assert one.form == again
    assert [state(task).open for task in tasks(session)] == [False, True]
    with pytest.raises(Conflict):
        file(form, nurse, ended)
    file(again, nurse, ended + MINUTE)
    assert not any(state(task).open for task in tasks(session))


def test_the_page_takes_the_proof_and_asks_the_database_little(session, ended, nurse) -> None:
    form = sign(session, nurse, ended)
    client, address = signed_in(nurse), f"/sessions/{session.id}/rems/"
    told = {
        "do": "file",
        "how": "fax",
        "reference": "page of 14:02",
        "day": zones.day(ended, session.site.zone).isoformat(),
    }
    told |= {"form": str(form.id), "key": str(ids.new())}
    assert client.post(address, told | {"form": str(ids.new())}, secure=True).status_code == 409
    client.get(address, secure=True)
    with CaptureQueriesContext(connection) as found:
        page = client.get(address, secure=True).content.decode()
    assert "Not filed yet" in page
    assert len(found) <= 17  # of them: what was written down of adverse events, and of site and enrolment
    with CaptureQueriesContext(connection) as found:
        client.get("/rems/", secure=True)
    assert len(found) <= 15
    assert Filing.objects.count() == 0
    row = file(form, nurse, ended)
    assert f"Filed on {row.day}" in client.get(address, secure=True).content.decode()
