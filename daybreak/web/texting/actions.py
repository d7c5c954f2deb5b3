"""What becomes of a text that comes? A number alone is the mood of the day; everything else is somebody who may need help.

The record and whoever is called are one transaction, and the gateway is answered after it.
"""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
from datetime import datetime

from django.db import transaction

from daybreak.knowledge.reach import stops
from daybreak.knowledge.suicide import calling
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.courses.queries import where
from daybreak.web.forms import actions as forms
from daybreak.web.forms.models import Sitting
from daybreak.web.locks import locked
from daybreak.web.patients.models import Patient
from daybreak.web.people.queries import organisation
from daybreak.web.reach import numbers
from daybreak.web.reach import queries as reach
from daybreak.web.reach.actions import no_more_texts
from daybreak.web.texting import answers, calls, queries
from daybreak.web.texting.models import Text, What, Whose

log = logging.getLogger("daybreak.texting")

LONGEST = 2000
A_NUMBER = re.compile(r"(10|[0-9])[.。]?")


@transaction.atomic
def arrived(*, told: str, sender: str, text: str, at: datetime) -> Text | None:
    """A text came. The same one again (id and content) is taken once; another one under the same id is taken too.

    None: there is no clinic yet.
    """
    here = organisation()
    if here is None:
        return None
    sender, text = numbers.of_sender(sender)[:40], text.replace("\0", "").strip()[:LONGEST]
    told = told[:200] or str(ids.new())
    digest = hashlib.sha256(f"{sender}\n{text}".encode()).hexdigest()
    if earlier := Text.objects.filter(told=told, digest=digest).first():
        return earlier
    if Text.objects.filter(told=told).exists():
        log.warning("the gateway for texts brought two texts under one id; both are used")
    whose = [locked(Patient, pk=one.pk) for one in queries.patients(sender)]
    number = A_NUMBER.fullmatch(unicodedata.normalize("NFKC", text))
    sitting = _mood(whose, number[1], at=at) if number else None
    what = What.WORDS if number is None else What.NUMBER if sitting else What.NOBODYS
    row = Text(
        id=ids.new(),
        organisation_id=here.id,
        created=at,
        told=told,
        digest=digest,
        sender=sender,
        text=text,
        what=what.value,
        sitting=sitting,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="text_came", who=None, at=at, subject=whose[0].id if len(whose) == 1 else None)
    for patient in whose:
        one = Whose(id=ids.new(), organisation_id=here.id, created=at, text=row, patient=patient)
        one.save(force_insert=True)
        trail.wrote(one, action="text_came_from", who=None, at=at, subject=patient.id)
    if what is What.WORDS:
        for patient in whose if stops(text) else ():
            no_more_texts(patient, site_id=where(patient).id, at=at)
        calls.somebody(row, whose, due=at + calling().escalation[-1], at=at)
        answers.send(row, whose, at=at)
    elif what is What.NOBODYS:
        calls.about_a_number(row, at=at)
    return row


def _mood(whose: list[Patient], number: str, *, at: datetime) -> Sitting | None:
    """The form that this number answers. None: nobody knows whose it is, or nothing goes to them and so nothing was asked."""
    if len(whose) != 1 or reach.standing(whose[0]) is not None:
        return None
    (patient,) = whose
    sitting = queries.asked(patient) or forms.ask_by_itself(
        patient, queries.MOOD, site_id=where(patient).id, language=reach.written_in(patient), at=at
    )
    forms.answer(sitting, queries.QUESTION, number, by=None, at=at)
    return sitting
