"""Does the same seed make the same clinic, on any day, and never in the database of a real one?"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from daybreak.demo import clinic
from daybreak.web.patients.models import Details, Entry, Registration
from daybreak.web.refusals import Refused
from daybreak.web.screening.models import Snapshot
from tests.web.conftest import NOW


@pytest.fixture
def in_demo(db: None, settings: Any) -> None:
    settings.PLACE = replace(settings.PLACE, profile="demo")


def told() -> str:
    """All that the clinic says, without what differs each time: keys of rows, days and times."""
    entries = Entry.objects.order_by("patient__registrations__number", "id").select_related("by")
    signed = Snapshot.objects.order_by("id").values_list("protocol", "outcome", "status", "by__login")
    rows = [(one.kind, one.payload, one.origin, one.by.login) for one in entries] + list(signed)
    text = json.dumps(rows) + json.dumps(list(Details.objects.order_by("id").values_list("family_name", "given_names")))
    return re.sub(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d{2}-\d{2}(T[\d:.]+)?|file-[0-9a-f]{12}", "…", text
    )


def made(now: datetime, **other: Any) -> str:
    """What a clinic of a few patients says; it is undone again."""
    with transaction.atomic():
        clinic.make(now=now, patients=9, **other)
        text = told()
        transaction.set_rollback(True)
    return text


def test_the_same_seed_makes_the_same_clinic_on_any_day(in_demo) -> None:
    first = made(NOW)
    assert made(NOW) == first
    assert made(NOW - timedelta(days=17)) == first
    assert made(NOW, seed=2) != first


def test_a_clinic_s_database_is_never_filled(db, settings) -> None:
    with pytest.raises(Refused, match="Only a new demo"):
        clinic.make(now=NOW)
    assert not Registration.objects.exists()
