"""What does the demo's office do beside the patients: payers, what people ask of the clinic, a record that moves on?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

from daybreak.demo.staff import HARBOUR, TEAMS
from daybreak.knowledge import deadlines
from daybreak.web import ids, zones
from daybreak.web.authorisation import actions as payers
from daybreak.web.authorisation import signing
from daybreak.web.authorisation.models import What
from daybreak.web.closing import actions as closing
from daybreak.web.closing.queries import evening
from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient, Registration
from daybreak.web.people.models import Person, Site
from daybreak.web.requests import actions as requests
from daybreak.web.requests import copying
from daybreak.web.requests.models import (
    ANSWERED,
    COMPLAINT,
    CORRECTION,
    DELIVERED,
    DESK,
    LINK,
    OPEN_PAGE,
    PHONE,
    RECORDS,
)
from daybreak.web.screening.models import TREAT, Snapshot
from daybreak.web.transfer import actions as transfers

PROTOCOL = "esketamine-nasal-us"
CLOSED = 3  # days ago
ASKS = "H-1044"  # whose record moves on, and who asks for a copy of it
SIGNS = "H-1003"  # who is asked to sign that they may have to pay
_APPROVED = {"number": "A-20417", "amount": "8", "unit": "treatments", "dose": "56 mg"}
_SIGNED = {"currency": "USD", "signed_by": "The patient, on paper", "language": "en"}
_BENEFIT = {"benefit": "medical", "way": "buy_and_bill", "member": "MADE-UP-01"}
# Payer, and each step: how many days ago, what, what was told.
Payer = tuple[str, tuple[tuple[int, What, dict[str, str]], ...]]
_YES = ((30, What.APPROVED, _APPROVED), (20, What.USED, {"amount": "2"}))
APPROVED: Payer = ("cigna", ((0, What.CHECKED, _BENEFIT), (0, What.SENT, {}), (0, What.APPROVED, _APPROVED)))
ITSELF: Payer = ("", ((0, What.SELF_PAY, {**_SIGNED, "sum": "390"}),))
LIVES: dict[str, Payer] = {
    "H-1015": ("cigna", ((40, What.CHECKED, _BENEFIT), (38, What.SENT, {}), *_YES)),
    "H-1003": ("carefirst", ((12, What.CHECKED, {**_BENEFIT, "benefit": "pharmacy"}), (10, What.SENT, {}))),
    "M-1004": ("qualchoice", ((30, What.SENT, {}), (20, What.MORE_ASKED, {"text": "The scores of the last four weeks."}))),
    "M-1027": ("medical-mutual", ((35, What.SENT, {}), (16, What.DENIED, {"text": "Two trials are not enough."}))),
    "H-1044": ("", ((8, What.SELF_PAY, {**_SIGNED, "sum": "450"}),)),
    "M-1059": ("cigna", ((9, What.SENT, {}), (5, What.PENDING, {**_SIGNED, "sum": "620"}))),
}  # fmt: skip


def days(
    sites: Mapping[str, Site], workers: Mapping[str, Person]
) -> Iterator[tuple[int, int, Callable[[datetime], None]]]:
    """One evening the nurse closes the day; what is open goes to who is on call."""

    def close(at: datetime) -> None:
        site, team = sites[HARBOUR], TEAMS[HARBOUR]
        nurse, on_call, day = workers[team.nurse.login], workers[team.second.login], zones.day(at, site.zone)
        seen = evening(site, day, reader=nurse, at=at).digest
        closing.close(site, day, on_call=on_call, seen=seen, by=nurse, at=at, key=ids.new())

    yield CLOSED, 19 * 60 + 30, close


def work(sites: Mapping[str, Site], workers: Mapping[str, Person], *, now: datetime) -> None:
    """For some of the patients whose treatment was decided; nothing when nobody's was."""
    decided = Snapshot.objects.filter(outcome=TREAT).values("patient")
    found = Registration.objects.filter(number__in=LIVES, patient__in=decided).select_related("patient", "site")
    for one in found.order_by("number"):
        ask(one.patient, one.site, LIVES[one.number], desk=workers[TEAMS[one.site.name].desk.login], at=now)
        if one.number != ASKS:
            continue
        doctor, desk = workers[TEAMS[one.site.name].prescriber.login], workers[TEAMS[one.site.name].desk.login]
        _asked(one.patient, one.site, doctor, desk, now=now)
        transfers.send(
            one.patient,
            receiver="Riverside Clinic",
            note="The patient moves to another town.",
            language="en",
            labelled=False,
            agreed=True,
            seen=queries.state(one.patient),
            by=doctor,
            at=now,
            key=ids.new(),
        )


def ask(
    patient: Patient, site: Site, life: Payer, *, desk: Person, at: datetime, weeks: int = 0, protocol: str = PROTOCOL
) -> None:
    """The payer, and each step up to now; `weeks`: how long it has said yes, else until shortly."""
    payer, steps = life
    row = payers.open_one(
        patient,
        payer=payer,
        payer_name="" if payer else "Nobody but the patient",
        protocol=protocol,
        by=desk,
        at=at,
        key=ids.new(),
    )
    today = zones.day(at, site.zone)
    for seen, (ago, what, told) in enumerate(steps):
        more = _days(today, weeks) if what is What.APPROVED else {}
        day = today - timedelta(days=ago)
        payers.add(row, what, {**told, **more}, day=day, seen=seen, by=desk, at=at, key=ids.new())
    if steps == LIVES[SIGNS][1]:
        asked = {"sum": "580", "currency": "USD", "language": "en"}
        signing.ask(row, What.PENDING, **asked, seen=len(steps), by=desk, at=at, key=ids.new())


def _days(today: date, weeks: int) -> dict[str, str]:
    """An approval from today on, or one that ends soon enough to be seen coming."""
    last = today + timedelta(days=deadlines.days("authorisation-lapse-second") - 2)
    first, last = (today, today + timedelta(weeks=weeks)) if weeks else (today - timedelta(days=30), last)
    return {"start": first.isoformat(), "until": last.isoformat()}


def _asked(patient: Patient, site: Site, doctor: Person, desk: Person, *, now: datetime) -> None:
    """Two complaints, one of them answered, and three wishes about a record, one of them granted and one that the
    patient asked by the link."""
    today = zones.day(now, site.zone)
    about = {"site": site, "at": now}
    waited = "I waited an hour, and nobody said why."
    requests.receive(kind=COMPLAINT, door=OPEN_PAGE, day=None, text=waited, by=None, key=ids.new(), **about)
    told = {"day": today - timedelta(days=9), "name": "A mother", "by": desk, "key": ids.new()}
    row = requests.receive(kind=COMPLAINT, door=PHONE, text="The bill was wrong.", **told, **about)
    answer = {"by": doctor, "at": now}
    requests.answer(row, what=ANSWERED, text="It was mended, and we called.", key=ids.new(), **answer)
    told = {"day": today - timedelta(days=6), "by": desk, "patient": patient, "door": DESK, **about}
    wish = requests.receive(kind=RECORDS, text="All of it, please.", key=ids.new(), **told)
    copy = copying.prepare(wish, language="en", key=ids.new(), **answer)
    given = {"text": "Showed a passport.", "copy": copy.id, "looked": True}
    requests.answer(wish, what=DELIVERED, key=ids.new(), **given, **answer)
    requests.receive(kind=CORRECTION, text="The year of the first trial is wrong.", key=ids.new(), **told)
    own = {"day": None, "by": None, "patient": patient, "door": LINK, **about}
    requests.receive(kind=RECORDS, text="Everything that is recorded about me.", key=ids.new(), **own)
