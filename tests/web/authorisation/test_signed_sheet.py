"""Is the sheet that a patient signed who may have to pay kept as it was scanned?"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from daybreak.web import ids
from daybreak.web.authorisation import actions
from daybreak.web.authorisation.models import What
from daybreak.web.papers.models import Paper
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Refused
from tests.web.authorisation.samples import make
from tests.web.authorisation.test_authorisation import TOLD
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered

SHEET = b"%PDF-1.7\nsigned with a pen"


@pytest.fixture
def desk(person: Any) -> Any:
    return person("pia", Role.FRONT_DESK)


@pytest.fixture
def row(site: Any, person: Any, desk: Any) -> Any:
    return make(registered(site, person("ines", Role.PRESCRIBER), number="7"), site, desk)


def send(row: Any, desk: Any, file: bytes, **other: Any) -> Any:
    told = {**TOLD[What.SELF_PAY], "day": NOW.date().isoformat(), "do": What.SELF_PAY, "key": str(ids.new())}
    told |= {"seen": str(row.events.count()), "scan": SimpleUploadedFile("sheet.pdf", file, "application/pdf")}
    address = f"/patients/{row.patient_id}/authorisations/{row.id}/"
    return signed_in(desk).post(address, {**told, **other}, secure=True)


def test_the_sheet_is_kept_byte_for_byte(row: Any, desk: Any) -> None:
    assert send(row, desk, SHEET).status_code == 302
    assert bytes(Paper.objects.filter(kind="payment").latest("id").bytes) == SHEET


def test_what_is_no_pdf_is_refused_and_nothing_is_kept(row: Any, desk: Any) -> None:
    before = (Paper.objects.count(), row.events.count())
    answer = send(row, desk, b"GIF89a")
    assert answer.status_code == 422
    assert "not a PDF" in answer.content.decode()
    assert (Paper.objects.count(), row.events.count()) == before


def test_another_sheet_under_the_same_key_is_refused(row: Any, desk: Any) -> None:
    given = {"day": NOW.date(), "seen": row.events.count(), "by": desk, "at": NOW, "key": ids.new()}
    first = actions.add(row, What.SELF_PAY, TOLD[What.SELF_PAY], scan=SHEET, **given)
    assert actions.add(row, What.SELF_PAY, TOLD[What.SELF_PAY], scan=SHEET, **given) == first
    with pytest.raises((Conflict, Refused)):
        actions.add(row, What.SELF_PAY, TOLD[What.SELF_PAY], scan=SHEET[:-1] + b"!", **given)
