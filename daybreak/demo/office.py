"""What does the demo's office do beside the patients: payers, what people ask of the clinic, a record that moves on?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from daybreak.demo.staff import TEAMS
from daybreak.knowledge.deadlines import days
from daybreak.web import ids, zones
from daybreak.web.authorisation import actions as payers
from daybreak.web.authorisation.models import What
from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.requests import actions as requests
from daybreak.web.requests.models import ANSWERED, COMPLAINT, CORRECTION, DELIVERED, DESK, OPEN_PAGE, PHONE, RECORDS
from daybreak.web.screening.models import TREAT, Snapshot
from daybreak.web.transfer import actions as transfers

PROTOCOL = "esketamine-nasal-us"
_APPROVED = {"number": "A-20417", "amount": "8", "unit": "treatments", "dose": "56 mg"}
_SIGNED = {"currency": "USD", "signed_by": "The patient, on paper", "language": "en"}
_USED = {"amount": "2"}
_BENEFIT = {"benefit": "medical", "way": "buy_and_bill"}
# Payer, and each step: how many days ago, what, what was told. One life for each patient, in turn.
LIVES: tuple[tuple[str, tuple[tuple[int, What, dict[str, str]], ...]], ...] = (
    ("cigna", ((40, What.CHECKED, _BENEFIT), (38, What.SENT, {}), (30, What.APPROVED, _APPROVED), (20, What.USED, _USED))),
    ("carefirst", ((12, What.CHECKED, {**_BENEFIT, "benefit": "pharmacy"}), (10, What.SENT, {}))),
    ("qualchoice", ((30, What.SENT, {}), (20, What.MORE_ASKED, {"text": "The scores of the last four weeks."}))),
    ("medical-mutual", ((35, What.SENT, {}), (16, What.DENIED, {"text": "Two trials are not enough."}))),
    ("", ((8, What.SELF_PAY, {**_SIGNED, "sum": "450"}),)),
    ("cigna", ((9, What.SENT, {}), (5, What.PENDING, {**_SIGNED, "sum": "620"}))),
)  # fmt: skip


def work(sites: Mapping[str, Site], workers: Mapping[str, Person], *, now: datetime) -> None:
    """For some of the patients whose treatment was decided; nothing when nobody's was."""
    decided = Snapshot.objects.filter(outcome=TREAT).order_by("id").values_list("patient", "site__name")
    chosen = list(dict.fromkeys(decided))
    for (patient_id, name), (payer, steps) in zip(chosen, LIVES, strict=False):
        patient, site, desk = Patient.objects.get(pk=patient_id), sites[name], workers[TEAMS[name].desk.login]
        _payer(patient, site, payer, steps, desk=desk, now=now)
    for patient_id, name in chosen[:1]:
        patient, site, doctor = Patient.objects.get(pk=patient_id), sites[name], workers[TEAMS[name].prescriber.login]
        _asked(patient, site, doctor, workers[TEAMS[name].desk.login], now=now)
        transfers.send(
            patient,
            receiver="Riverside Clinic",
            note="The patient moves to another town.",
            language="en",
            labelled=False,
            agreed=True,
            seen=queries.state(patient),
            by=doctor,
            at=now,
            key=ids.new(),
        )


def _payer(
    patient: Patient,
    site: Site,
    payer: str,
    steps: tuple[tuple[int, What, dict[str, str]], ...],
    *,
    desk: Person,
    now: datetime,
) -> None:
    row = payers.open_one(
        patient,
        payer=payer,
        payer_name="" if payer else "Nobody but the patient",
        protocol=PROTOCOL,
        by=desk,
        at=now,
        key=ids.new(),
    )
    today = zones.day(now, site.zone)
    for seen, (ago, what, told) in enumerate(steps):
        more = _days(today) if what is What.APPROVED else {}
        day = today - timedelta(days=ago)
        payers.add(row, what, {**told, **more}, day=day, seen=seen, by=desk, at=now, key=ids.new())


def _days(today: date) -> dict[str, str]:
    """An approval that ends soon enough to be seen coming."""
    last = today + timedelta(days=days("authorisation-lapse-second") - 2)
    return {"start": (today - timedelta(days=30)).isoformat(), "until": last.isoformat()}


def _asked(patient: Patient, site: Site, doctor: Person, desk: Person, *, now: datetime) -> None:
    """Two complaints, one of them answered, and two wishes about a record, one of them granted."""
    today = zones.day(now, site.zone)
    about = {"site": site, "at": now}
    waited = "I waited an hour, and nobody said why."
    requests.receive(kind=COMPLAINT, door=OPEN_PAGE, day=None, text=waited, by=None, key=ids.new(), **about)
    told = {"day": today - timedelta(days=9), "name": "A mother", "by": desk, "key": ids.new()}
    row = requests.receive(kind=COMPLAINT, door=PHONE, text="The bill was wrong.", **told, **about)
    answer = {"language": "en", "by": doctor, "at": now}
    requests.answer(row, what=ANSWERED, text="It was mended, and we called.", key=ids.new(), **answer)
    told = {"day": today - timedelta(days=6), "by": desk, "patient": patient, "door": DESK, **about}
    wish = requests.receive(kind=RECORDS, text="All of it, please.", key=ids.new(), **told)
    requests.answer(wish, what=DELIVERED, text="Showed a passport.", key=ids.new(), **answer)
    requests.receive(kind=CORRECTION, text="The year of the first trial is wrong.", key=ids.new(), **told)
