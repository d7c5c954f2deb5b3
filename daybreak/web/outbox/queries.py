"""Which notice is due, which may have been sent already, and which could not be sent for long?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from daybreak.knowledge.watch import jump
from daybreak.web.outbox.models import CRISIS, HELD, SENT, UNCLEAR, Address, Attempt, Message, Result
from daybreak.web.people.models import Person

# A try that has told nothing for so long died with its process: it may have been sent. Longer than any try can take.
LEASE = timedelta(minutes=3)
# After the first failure, the second, …; the last holds from then on.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 120, 300, 600))
GIVES_UP_AFTER = timedelta(hours=24)
STUCK_AFTER = timedelta(minutes=5)
SOON = timedelta(minutes=1)  # so long after it was posted a notice that nothing has held up counts as on its way
STAFF_FIRST = Case(When(person__isnull=False, then=0), When(body=CRISIS, then=0), default=1)


@dataclass(frozen=True, slots=True)
class Stuck:
    """A notice that has not left for long. `error` is the id of the sentence that says why."""

    message: Message
    tries: int
    error: str
    given_up: bool


def address(person: Person) -> Address | None:
    """The version of the person's address that counts; None when there never was one."""
    return Address.objects.filter(person=person, replaced_by__isnull=True).first()


def waiting(*, at: datetime) -> list[Message]:
    """The notices that are to be tried now: those to people of the clinic before all others, the oldest first. Where
    somebody sleeps, what waits for the morning is not among them."""
    young = _unsent().filter(Q(created__lte=at) | _set_back(at), created__gt=at - GIVES_UP_AFTER)
    young = young.filter(Q(not_before=None) | Q(not_before__lte=at))
    return [message for message in young.order_by(STAFF_FIRST, "created", "id") if is_due(tries(message), at=at)]


def is_due(earlier: Sequence[Attempt], *, at: datetime) -> bool:
    """Is it time for the next try, after these? When the clock went back since the last one nobody knows: so it is."""
    if not earlier:
        return True
    ended = result(earlier[-1])
    if ended is None:
        return _over(earlier[-1].created, LEASE, at=at)
    if ended.outcome in (SENT, HELD):
        return False
    return _over(ended.created, PAUSES[min(len(earlier), len(PAUSES)) - 1], at=at)


def _over(since: datetime, span: timedelta, *, at: datetime) -> bool:
    return at >= since + span or since > at + jump()


def _set_back(at: datetime) -> Q:
    """What was made later than now: the clock went back."""
    return Q(created__gt=at + jump())


def may_be_repeated(earlier: Sequence[Attempt]) -> bool:
    """May one of these tries have reached the person?"""
    return any((ended := result(attempt)) is None or ended.outcome == UNCLEAR for attempt in earlier)


def tries(message: Message) -> list[Attempt]:
    """The tries of a message with how each ended, the first one first."""
    return sorted(message.attempts.all(), key=lambda attempt: attempt.number)


def result(attempt: Attempt) -> Result | None:
    """How the try ended; None when it has told nothing."""
    return getattr(attempt, "result", None)


def stuck(*, at: datetime) -> list[Stuck]:
    """The notices to people of the clinic that could not be sent for long, also those that are tried no more, the oldest
    first. (one to a patient or to somebody outside becomes a task instead)

    A person whom a later notice has reached is not among them any more.
    """
    reached = Message.objects.filter(
        person=OuterRef("person"), created__gt=OuterRef("created"), attempts__result__outcome=SENT
    )
    old = Q(created__lte=at - STUCK_AFTER) | _set_back(at)
    rows = _unsent().filter(old, ~Exists(reached), person__isnull=False).select_related("person")
    return [_stuck(message, at=at) for message in rows.order_by("created", "id")]


def held_up(about: Iterable[UUID], *, at: datetime) -> list[Message]:
    """The notices to people of the clinic about any of these that have not left, and are not merely on their way."""
    rows = _unsent().filter(about__in=list(about), person__isnull=False).select_related("person").order_by("created")
    return [one for one in rows if not leaves(one, at=at)]


def leaves(message: Message, *, at: datetime) -> bool:
    """Has it left, or was it posted just now and nothing has held it up?"""
    known = tries(message)
    if any((ended := result(one)) and ended.outcome == SENT for one in known):
        return True
    return abs(at - message.created) < SOON and not any(result(one) for one in known)


def newest(most: int) -> list[Message]:
    """The last notices with their tries, the newest first."""
    rows = Message.objects.select_related("person").prefetch_related("attempts__result")
    return list(rows.order_by("-created", "-id")[:most])


def _stuck(message: Message, *, at: datetime) -> Stuck:
    known = tries(message)
    ended = result(known[-1]) if known else None
    error = ended.error if ended else "outbox.error_silent" if known else "outbox.error_not_tried"
    return Stuck(message, len(known), error, given_up=message.created <= at - GIVES_UP_AFTER)


def _unsent() -> QuerySet[Message]:
    over = Result.objects.filter(attempt__message=OuterRef("pk"), outcome__in=(SENT, HELD))
    return Message.objects.filter(~Exists(over)).prefetch_related("attempts__result")
