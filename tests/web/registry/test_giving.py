"""Do facts leave only of those who agreed, by a named person who confirmed it, with a line that each of them sees?"""

from __future__ import annotations

import csv
import json
import os
from datetime import timedelta

import pytest

from daybreak.cli import registry_sites
from daybreak.cli.main import main
from daybreak.web import start
from daybreak.web.audit.models import Entry
from daybreak.web.audit.readers import readers
from daybreak.web.consent import actions as consent
from daybreak.web.patients.queries import details
from daybreak.web.refusals import Refused
from daybreak.web.registry import giving
from tests.web.adverse.test_events import tell
from tests.web.adverse.test_rates import ended
from tests.web.consent.samples import REGISTRY, signed
from tests.web.registry.test_rows import rate
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched

__all__ = ["booking", "chair", "decided", "desk", "doctor", "ended", "noon", "nurse", "patient", "session", "watched"]
DAY = timedelta(days=1)


@pytest.fixture
def agreed(session, ended, patient, site, nurse, doctor):
    """Treated, with ratings and an event in own words, and a volunteer since the day after."""
    rate(patient, site, nurse, 20, ended - DAY)
    tell(patient, site, nurse, ended, session=session)
    return signed(patient, doctor, REGISTRY, at=ended + DAY)


def given_lines(patient) -> list[Entry]:
    return list(Entry.objects.filter(action="registry_given", subject=patient.id))


def test_a_volunteers_facts_leave_without_the_name_and_they_see_it(
    agreed, session, ended, patient, site, doctor, tmp_path
) -> None:
    at, out = ended + 2 * DAY, tmp_path / "out"
    found = giving.give([site], out, to="The registry", seen=1, by=doctor, at=at)
    assert (len(found.whose), found.left) == (1, {})
    told = {path.name: path.read_text("utf-8") for path in out.iterdir()}
    assert sorted(told) == sorted(
        ["patients.csv", "courses.csv", "sessions.csv", "ratings.csv", "events.csv", "dictionary.csv", "report.json"]
    )
    (row,) = csv.DictReader(told["sessions.csv"].splitlines())
    assert (row["day"], row["product"], row["outcome"]) == ("0", "esketamine", "discharged")
    who = details(patient)
    for text in (
        who.family_name,
        who.given_names,
        who.birth,
        str(patient.id),
        str(session.id),
        str(site.id),
        site.name,
    ):
        assert text not in "".join(told.values())
    report = json.loads(told["report.json"])
    assert (report["people"], report["to"], report["given_by"]) == (1, "The registry", doctor.display_name)
    assert [(line.who, line.at) for line in given_lines(patient)] == [(doctor.id, at)]
    seen = [did for one in readers(patient.id, "en").rows for did in one.did]
    assert "gave facts from it, without your name, to a registry, as you had agreed · 1×" in seen
    consent.withdraw(agreed, reason="", by=None, at=at)
    with pytest.raises(Refused, match="Nobody who was treated there"):
        giving.give([site], tmp_path / "later", to="x", seen=1, by=doctor, at=at + DAY)
    assert (os.listdir(tmp_path), len(given_lines(patient))) == (["out"], 1)


def test_the_command_writes_nothing_before_it_is_confirmed_by_who_may(
    agreed, ended, patient, doctor, nurse, tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(start, "begin", lambda: None)
    monkeypatch.setattr(registry_sites, "read", lambda sites: ended + 2 * DAY)
    out = tmp_path / "out"

    def export(*more: str, by: str = doctor.login) -> int:
        return main(["registry", "export", str(out), "--to", "The registry", "--by", by, *more])

    assert export() == 0
    assert "facts of 1 people. Nothing was written; to give them to The registry: --people 1" in capsys.readouterr().out
    assert (export("--people", "2"), export("--people", "1", by=nurse.login)) == (2, 2)
    assert "now 1, not 2" in capsys.readouterr().err
    with monkeypatch.context() as full:
        full.setattr(giving, "_write", _no_space)
        assert export("--people", "1") == 2
    assert "cannot be written (No space left on device). Nothing has left." in capsys.readouterr().err
    assert (os.listdir(tmp_path), given_lines(patient)) == ([], [])
    assert export("--people", "1") == 0
    assert [(line.who, line.via) for line in given_lines(patient)] == [(doctor.id, "cli")]
    assert export("--people", "1") == 2
    assert "is there already" in capsys.readouterr().err


def _no_space(*_: object, **__: object) -> None:
    assert Entry.objects.filter(action="registry_given").exists()
    raise OSError(28, "No space left on device")
