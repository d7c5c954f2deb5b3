"""How are the waiting notices sent, each once when all goes well, and again when it does not?

A try is written before it is made; the mail leaves outside any transaction; then its result is written. When the machine
stops in between, nobody knows whether the mail left: it is sent again, under the same Message-ID and called a repeat.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.outbox import channels, queries
from daybreak.web.outbox.letters import TEST, letter, written
from daybreak.web.outbox.models import CRISIS, FAILED, FILE, HELD, SENT, SMTP, TEXTS, UNCLEAR, Attempt, Message, Result
from daybreak.web.reach import queries as reach
from daybreak.web.reach import unreached
from daybreak.web.reach.models import YES

log = logging.getLogger("daybreak.outbox")
CALL_INSTEAD_AFTER = 3  # tries to reach somebody outside, who does not see that something waits


def deliver(at: datetime) -> int:
    """Try every notice that waits; how many were sent. One that cannot be sent does not keep the others back.

    After each one it is looked again what waits, so that a call to somebody here goes before the rest of the reminders.
    """
    began = time.monotonic()
    sent, tried = 0, set[UUID]()
    while True:
        now = at + timedelta(seconds=time.monotonic() - began)
        message = next((one for one in queries.waiting(at=now) if one.pk not in tried), None)
        if message is None:
            return sent
        tried.add(message.pk)
        try:
            sent += _try(message, at=now)
        except DatabaseError as error:
            log.error("notice %s could not be tried: %s", message.id, type(error).__name__)
        except Exception:
            log.exception("notice %s could not be tried", message.id)


def try_out(to: str, *, at: datetime) -> str:
    """A test to that address, now; what became of it, for the operator. NotSent when it did not leave."""
    place = settings.PLACE
    id = ids.new()
    mail = written(TEST, to=to, name="", language="en", message_id=f"<{id}@{place.host}>", at=at)
    channels.send(mail, channel=SMTP if place.mail else FILE, name=str(id), place=place)
    trail.happened("outbox_tested", who=None, at=at, via="cli")
    if place.mail:
        return f"{place.mail.host} has taken it: look whether it arrives."
    return f"It is a file, as no mail server is named: {place.outbox / f'{id}.eml'}"


def _try(message: Message, *, at: datetime) -> bool:
    begun = begin(message, at=at)
    if begun is None:
        return False
    attempt, repeat = begun
    started = time.monotonic()
    outcome, error = SENT, ""
    try:
        mail = letter(message, repeat=repeat)
        channels.send(mail, channel=message.channel, name=str(message.id), place=settings.PLACE)
    except channels.NotSent as problem:
        outcome, error = UNCLEAR if problem.unclear else FAILED, problem.error
        log.error("notice %s, try %d: %s", message.id, attempt.number, error)
    finish(attempt, outcome, error=error, at=at + timedelta(seconds=time.monotonic() - started))
    return outcome == SENT


@transaction.atomic
def begin(message: Message, *, at: datetime) -> tuple[Attempt, bool] | None:
    """The next try of the message, and whether it may be a repeat; None when somebody else makes it, or made the last."""
    message = locked(Message, pk=message.pk)
    earlier = queries.tries(message)
    if not queries.is_due(earlier, at=at):
        return None
    attempt = Attempt(
        id=ids.new(),
        organisation_id=message.organisation_id,
        created=at,
        message=message,
        number=len(earlier) + 1,
    )
    attempt.save(force_insert=True)
    trail.wrote(attempt, action="message_tried", who=None, at=at, via="clock")
    if message.patient_id and _stopped(message):  # looked at now: it may be another one than at posting
        finish(attempt, HELD, error="outbox.error_held", at=at)
        return None
    return attempt, queries.may_be_repeated(earlier)


def _stopped(message: Message) -> bool:
    """Does nothing go to the patient, or no text any more? Who wrote first and may need help is answered all the same, unless
    they died."""
    if message.body == CRISIS:
        return reach.died(message.patient_id)
    if message.channel in TEXTS and not message.outsider_id:
        now = reach.reach(message.patient_id)
        if now is None or now.may_text != YES:
            return True
    return bool(reach.stopped([message.patient_id]))


@transaction.atomic
def finish(attempt: Attempt, outcome: str, *, error: str, at: datetime) -> Result:
    """The try ended so."""
    row = Result(
        id=ids.new(),
        organisation_id=attempt.organisation_id,
        created=at,
        attempt=attempt,
        outcome=outcome,
        error=error,
    )
    row.save(force_insert=True)
    action = "message_sent" if outcome == SENT else "message_not_sent"
    trail.wrote(row, action=action, who=None, at=at, via="clock")
    if outcome in (FAILED, UNCLEAR) and attempt.number == CALL_INSTEAD_AFTER and not attempt.message.person_id:
        unreached.tell(attempt.message, at=at)
    return row
