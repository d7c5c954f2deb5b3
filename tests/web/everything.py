"""What has to be written so that every sample address leads to something? (the tests that walk through every page use it)"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from daybreak.web.links import actions as links
from daybreak.web.links.models import (
    ANSWER,
    ASK,
    CARE,
    CARE_SHARED,
    CONSENT,
    DIARY,
    ESCORT,
    FORM,
    LETTER,
    OFFER,
    PAYMENT,
    READERS,
    REFERRAL,
    SIGNS,
    TRANSFER,
    VISIT,
    WALL,
    Link,
)
from daybreak.web.people.models import Person, Site
from tests.web import staff
from tests.web.adverse import samples as adverse
from tests.web.authorisation import samples as authorisation
from tests.web.bedside import samples as bedside
from tests.web.card import samples as published
from tests.web.careplan import samples as plans
from tests.web.consent import samples as consent
from tests.web.courses import samples as courses
from tests.web.cupboard import samples as cupboard
from tests.web.dosing import samples as doses
from tests.web.forms import samples as forms
from tests.web.glass import samples as emergency
from tests.web.letters import samples as letters
from tests.web.misuse import samples as seen
from tests.web.papers import samples as papers
from tests.web.patients import samples
from tests.web.pdmp import samples as monitored
from tests.web.reach import samples as reach
from tests.web.referral import samples as referrals
from tests.web.rems import programme
from tests.web.requests import samples as asked
from tests.web.screening import samples as signed
from tests.web.tasks import samples as tasks
from tests.web.transfer import samples as transfers
from tests.web.treatment import samples as treated
from tests.web.waitlist import samples as waitlist


def fill(site: Site, by: Person, *, chart: bool = False, course: bool = True) -> None:
    """One of each thing that has a page; with `chart` the patient has a whole record, with `course` one that is open."""
    patient = samples.make(site, by)
    if chart:
        signed.told(patient, by)
    signed.make(patient, site, by)
    staff.make(site)
    emergency.make(patient, by)
    papers.make(patient, by)
    forms.make(patient, site, by)
    courses.make(patient, site, by)
    if course:
        doses.make(patient, site, by)
    waitlist.make(patient, site, by)
    cupboard.make(patient, site, by)
    monitored.make(patient, site, by)
    seen.make(patient, site, by)
    programme.make(patient, site, by)
    consent.make(patient, site, by)
    reach.make(patient, site, by)
    referrals.make(site)
    authorisation.make(patient, site, by)
    asked.make(patient, site, by)
    transfers.make(patient, site, by)
    plans.make(patient, site, by)
    letters.make(patient, site, by)
    letters.sent(patient, site, by)
    session = treated.make(patient, site, by)
    bedside.make(site, session, by)
    adverse.make(patient, site, by)
    tasks.make(site)
    published.make(site, by)


def link(purpose: str, *, subject: UUID | None = None) -> Link:
    """A link of that purpose, made just now, for the person or the patient of the sample addresses."""
    who = Person.objects.get(pk=staff.PERSON)
    subjects = {
        READERS: samples.PATIENT,
        CONSENT: samples.PATIENT,
        FORM: forms.SITTING,
        VISIT: courses.BOOKING,
        OFFER: waitlist.OFFERED,
        ESCORT: treated.SESSION,
        REFERRAL: referrals.REFERRAL,
        TRANSFER: transfers.TRANSFER,
        LETTER: letters.SENT,
        CARE: samples.PATIENT,
        SIGNS: samples.PATIENT,
        CARE_SHARED: plans.SHARE,
        PAYMENT: authorisation.STATEMENT,
        ASK: samples.PATIENT,
        DIARY: samples.PATIENT,
        ANSWER: asked.REQUEST,
        WALL: Site.objects.filter(name="Main Street").values_list("id", flat=True).first(),
    }
    return links.make(
        purpose=purpose,
        subject=subject or subjects.get(purpose, who.id),
        organisation_id=who.organisation_id,
        lasts=timedelta(hours=1),
        by=None,
        at=datetime.now(UTC),
    )
