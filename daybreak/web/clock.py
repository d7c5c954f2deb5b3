"""What has to happen by itself, and when?"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from django.db import DatabaseError, close_old_connections, connections

from daybreak.knowledge.watch import jump
from daybreak.web import instant
from daybreak.web.audit import sealer
from daybreak.web.bedside import silence
from daybreak.web.careplan import carers
from daybreak.web.checkins import due
from daybreak.web.consent import renewals
from daybreak.web.courses import asks, cover, reminders
from daybreak.web.flood import limits
from daybreak.web.forms import unfinished
from daybreak.web.letters import proposing
from daybreak.web.onsite import lacking
from daybreak.web.outbox import delivery
from daybreak.web.people import lockout
from daybreak.web.presence import challenges, kept
from daybreak.web.presence.models import Session
from daybreak.web.reach import followed
from daybreak.web.rems import chasing, lapses
from daybreak.web.requests import waiting as complaints
from daybreak.web.rota import gaps
from daybreak.web.steering import asking, harms, signals
from daybreak.web.steering import lapses as course_lapses
from daybreak.web.tasks import paging, waiting
from daybreak.web.treatment import alarms
from daybreak.web.watching import beats
from daybreak.web.watching.listening import Ear

log = logging.getLogger("daybreak.clock")

SEAL_EVERY = 5  # seconds
CALL_EVERY, MIND_EVERY, DELIVER_EVERY, LOOK_EVERY, STOPS_WITHIN = 3, 2, 3, 60, 5  # seconds
LOOK_BACK = timedelta(minutes=2)
# A transaction that was longer than LOOK_BACK leaves lines that only a look at all of them finds.
LOOK_AT_ALL_EVERY = timedelta(hours=1)


def run(stop: threading.Event) -> None:
    """Until stopped: link the audit trail every few seconds, every hour tidy up, ask for renewals and end old forms;
    beside it, make calls, look after treatments, send notices, and look for what is no longer as it was.
    """
    post = threading.Thread(target=_beside, args=(send, stop), name="outbox", daemon=True)
    post.start()
    calls = threading.Thread(target=_beside, args=(call, stop), name="calls", daemon=True)
    calls.start()
    treatments = threading.Thread(target=_beside, args=(mind, stop), name="treatments", daemon=True)
    treatments.start()
    looks = threading.Thread(target=_beside, args=(look, stop), name="watch", daemon=True)
    looks.start()
    hourly = datetime.min.replace(tzinfo=UTC)
    while True:  # `audit verify` says when the trail stood still for long
        now = instant.now()
        at_all = now - hourly >= LOOK_AT_ALL_EVERY
        sealed = _turn(
            partial(sealer.seal, None if at_all else datetime.now(UTC) - LOOK_BACK, at=now), what="the trail"
        )
        if at_all and sealed:
            hourly = now
            _turn(partial(tidy, at=datetime.now(UTC)), what="what is over")
            _turn(partial(complaints.tell, at=now), what="the complaints that nobody may read")
            _turn(partial(lapses.look, at=now), what="what ends soon of the programme")
            _turn(partial(chasing.look, at=now), what="the monitoring forms that are owed")
            _turn(partial(proposing.look, at=now), what="the letters that are due")
            _turn(partial(renewals.ask, at=now), what="the renewals")
            _turn(partial(followed.look, at=now), what="who is called after the treatment")
            _turn(partial(unfinished.end_due, at=now), what="the forms that nobody goes on with")
            _turn(partial(signals.look, at=now), what="what the ratings show")
            _turn(partial(asking.look, at=now), what="the judgements that are due")
            _turn(partial(course_lapses.look, at=now), what="what ends soon of a course")
            _turn(partial(harms.look, at=now), what="the harms that are asked about again")
            _turn(partial(asking.after, at=now), what="the weeks after a course")
        if stop.wait(SEAL_EVERY):
            post.join(STOPS_WITHIN)
            calls.join(STOPS_WITHIN)
            treatments.join(STOPS_WITHIN)
            looks.join(STOPS_WITHIN)
            sealer.seal(datetime.now(UTC) - LOOK_BACK, at=instant.now())
            return


def call(stop: threading.Event) -> None:
    """Until stopped: call whoever has to be called by now. A thread of its own: nothing else may keep it waiting."""
    while True:
        _turn(lambda: paging.call_due(at=instant.now()), what="the calls")
        _turn(lambda: waiting.raise_due(at=instant.now()), what="the answers that wait for the day")
        if stop.wait(CALL_EVERY):
            return


def mind(stop: threading.Event) -> None:
    """Until stopped: look after the treatments that are going on. A thread of its own: no alarm waits for anything else."""
    ear = Ear()
    while True:
        if _turn(partial(watch, ear), what="the treatments"):
            _turn(lambda: beats.beat(at=datetime.now(UTC)), what="the heartbeat")
        if stop.wait(MIND_EVERY):
            return


def watch(ear: Ear) -> None:
    """Look after the treatments; and when the last look was too long ago by the machine, or is still to come, say so in each of
    them, as where no loud place listens. Where time is played, as in a demo, it stands still while nobody looks, and nobody
    has to listen."""
    since, at = beats.last(), datetime.now(UTC)
    silence.look(at=instant.now())
    if instant.played():
        alarms.look_after(at=instant.now())
        return
    if since is None or abs(at - since) > jump():
        alarms.unwatched(since, at=at)
    alarms.look_after(at=at, unheard=ear.unheard(at=at))


def send(stop: threading.Event) -> None:
    """Until stopped: send what waits. A thread of its own, so that a silent mail server keeps nothing else waiting."""
    while True:
        _turn(lambda: reminders.remind_due(at=instant.now()), what="the reminders")
        _turn(lambda: asks.settle(at=instant.now()), what="what bookings lacked")
        _turn(lambda: delivery.deliver(instant.now()), what="the outbox")
        if stop.wait(DELIVER_EVERY):
            return


def look(stop: threading.Event) -> None:
    """Until stopped: ask for what is missing of what lies ahead. A thread of its own: it reads much, and nobody waits for it."""
    while True:
        _turn(lambda: asks.anew(at=instant.now()), what="what bookings lack again")
        _turn(lambda: gaps.look(at=instant.now()), what="the gaps of the rota")
        _turn(lambda: due.ask_due(at=instant.now()), what="the check-ins")
        _turn(lambda: carers.ask_due(at=instant.now()), what="whoever is asked after a treatment")
        _turn(lambda: signals.look_at_new(at=instant.now()), what="what new ratings show")
        _turn(lambda: cover.look(at=instant.now()), what="courses without a prescriber")
        _turn(lambda: lacking.look(at=instant.now()), what="days without their prescriber")
        _turn(lambda: lacking.settle(at=instant.now()), what="treatments without a prescriber")
        if stop.wait(LOOK_EVERY):
            return


def _beside(loop: Callable[[threading.Event], None], stop: threading.Event) -> None:
    """A thread beside the others, which leaves no connection to the database behind."""
    try:
        loop(stop)
    finally:
        connections.close_all()


def _turn(work: Callable[[], object], *, what: str) -> bool:
    """One turn of a thread, which dies of nothing that goes wrong in it: the next turn tries again. True when it was done."""
    try:
        try:
            work()
        finally:
            close_old_connections()
    except DatabaseError as error:
        log.error("%s could not be read or written: %s", what, error)
    except Exception as error:  # its kind alone: its text may be about a patient
        log.error("%s could not be seen to: %s", what, type(error).__name__)
    else:
        return True
    return False


def tidy(*, at: datetime) -> None:
    """Remove sessions that are over, and attempts and tallies that no longer count."""
    Session.objects.filter(expire_date__lt=at).delete()
    lockout.forget(at=at)
    limits.forget(at=at)
    challenges.forget(at=at)
    kept.forget(at=at)
