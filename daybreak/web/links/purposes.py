"""What may a link of each purpose: where does it lead, for how long, how often, and what is asked of its holder?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from daybreak.web.links.models import (
    ANSWER,
    ASK,
    CARE,
    CARE_SHARED,
    CONSENT,
    DIARY,
    ESCORT,
    FORM,
    JOIN,
    LETTER,
    OFFER,
    PAYMENT,
    READERS,
    REFERRAL,
    SIGNS,
    TRANSFER,
    VISIT,
    WALL,
)


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose, declared. The cookie for which the link is exchanged is sent to `leads_to` only.

    `subjects` is the function that gives the subjects of such links about patients, from their ids; empty when a link of
    this purpose is about no patient. `site` says where the site of the subject is found: "app.Model:path"; `patient` is the
    path from there to the patient.
    """

    title: str  # in words.yaml
    leads_to: str
    lasts: timedelta
    uses: int = 1  # openings, each of which gives the cookie once
    held_for: timedelta = timedelta(minutes=30)
    renewed: bool = False  # with each page the cookie is held from then on
    remembered: timedelta = timedelta(
        days=14
    )  # so long the browser still says which link its page was shown by; that opens nothing
    asks_year: bool = False  # more than answering asks for the year of birth
    subjects: str = ""
    site: str = ""
    patient: str = "patient"


PURPOSES: Mapping[str, Purpose] = {
    # Somebody who works here sets password and second factor.
    JOIN: Purpose("links.join", "/join/", timedelta(hours=72)),
    # A patient sees who looked at their record; the subject is the patient.
    READERS: Purpose(
        "links.readers",
        "/readers/",
        timedelta(days=7),
        uses=5,
        asks_year=True,
        subjects="daybreak.web.links.of_patient.themselves",
        site="patients.Patient:registrations__site",
        patient="pk",
    ),
    # A patient reads and signs what was talked about; the subject is the patient. Reading takes its time.
    CONSENT: Purpose(
        "links.consent",
        "/consent/",
        timedelta(days=14),
        uses=20,
        held_for=timedelta(hours=2),
        asks_year=True,
        subjects="daybreak.web.links.of_patient.themselves",
        site="patients.Patient:registrations__site",
        patient="pk",
    ),
    # A patient answers a form; the subject is the sitting. It is opened again after each interruption.
    FORM: Purpose(
        "links.form",
        "/form/",
        timedelta(days=14),
        uses=20,
        renewed=True,
        subjects="daybreak.web.forms.queries.sittings_of",
        site="forms.Sitting:site",
    ),
    # A patient is reminded of a visit; the subject is the booking.
    VISIT: Purpose(
        "links.visit",
        "/visit/",
        timedelta(days=7),
        uses=20,
        subjects="daybreak.web.courses.queries.bookings_of",
        site="courses.Booking:site",
    ),
    # A patient is offered an earlier time; the subject is the offer. It lasts as long as the offer.
    OFFER: Purpose(
        "links.offer",
        "/offer/",
        timedelta(days=1),
        uses=20,
        subjects="daybreak.web.waitlist.queries.offers_of",
        site="waitlist.Event:wish__site",
        patient="wish__patient",
    ),
    # Whoever takes a patient home reads until when they do not drive, and signs; the subject is the session.
    ESCORT: Purpose(
        "links.escort",
        "/escort/",
        timedelta(hours=12),
        uses=20,
        subjects="daybreak.web.chronicle.escort.sessions_of",
        site="treatment.Session:site",
    ),
    # Whoever referred somebody sees how it stands; the subject is the referral. They look again and again.
    REFERRAL: Purpose(
        "links.referral",
        "/referral/",
        timedelta(days=180),
        uses=500,
        asks_year=True,
        subjects="daybreak.web.referral.queries.about",
        site="referral.Referral:site",
        patient="events__patient",
    ),
    # Another clinic says that a packet arrived; the subject is the transfer. It says nothing of the patient.
    TRANSFER: Purpose(
        "transfer.receipt",
        "/receipt/",
        timedelta(days=30),
        uses=20,
        subjects="daybreak.web.transfer.queries.ids_of",
        site="transfer.Transfer:site",
    ),
    # Whoever else looks after a patient reads a letter about them; the subject is the letter.
    LETTER: Purpose(
        "links.letter",
        "/letter/",
        timedelta(days=30),
        uses=50,
        asks_year=True,
        subjects="daybreak.web.letters.queries.ids_of",
        site="letters.Letter:site",
    ),
    # A patient reads what was seen over time and answers it; the subject is the patient.
    SIGNS: Purpose(
        "links.signs",
        "/signs/",
        timedelta(days=14),
        uses=20,
        asks_year=True,
        subjects="daybreak.web.links.of_patient.themselves",
        site="patients.Patient:registrations__site",
        patient="pk",
    ),
    # A patient reads the plan of care and says who else does; the subject is the patient.
    CARE: Purpose(
        "links.care",
        "/care/",
        timedelta(days=90),
        uses=100,
        asks_year=True,
        subjects="daybreak.web.links.of_patient.themselves",
        site="patients.Patient:registrations__site",
        patient="pk",
    ),
    # Somebody outside reads as much of it as the patient says; the subject is one word of the patient about them, and the
    # newest counts.
    CARE_SHARED: Purpose(
        "links.care_shared",
        "/shared-care/",
        timedelta(days=180),
        uses=200,
        asks_year=True,
        subjects="daybreak.web.careplan.queries.ids_of",
        site="careplan.Share:site",
    ),
    # A patient signs that they pay a sum, or may have to; the subject is the statement.
    PAYMENT: Purpose(
        "links.payment",
        "/payment/",
        timedelta(days=14),
        uses=20,
        asks_year=True,
        subjects="daybreak.web.authorisation.queries.statements_of",
        site="authorisation.Statement:authorisation__site",
        patient="authorisation__patient",
    ),
    # A patient asks for their record or its correction, and sees how that stands; the subject is the patient.
    ASK: Purpose(
        "links.ask",
        "/ask/",
        timedelta(days=60),
        uses=50,
        asks_year=True,
        subjects="daybreak.web.links.of_patient.themselves",
        site="patients.Patient:registrations__site",
        patient="pk",
    ),
    # A patient writes for themselves, and says who reads it; the subject is the patient.
    DIARY: Purpose(
        "links.diary",
        "/diary/",
        timedelta(days=90),
        uses=200,
        asks_year=True,
        subjects="daybreak.web.links.of_patient.themselves",
        site="patients.Patient:registrations__site",
        patient="pk",
    ),
    # A patient gets the answer, and the copy of the record if that is the answer; the subject is the request.
    ANSWER: Purpose(
        "links.answer",
        "/answer/",
        timedelta(days=14),
        uses=10,
        asks_year=True,
        subjects="daybreak.web.requests.queries.ids_of",
        site="requests.Request:site",
    ),
    # A display in the clinic shows chairs and phases; the subject is the site, or one of its rooms. The device that opens it
    # holds it until somebody ends it: a display that goes dark by itself is no display.
    WALL: Purpose(
        "links.wall", "/wall/", timedelta(days=365), held_for=timedelta(days=365), remembered=timedelta(days=365)
    ),
}
