"""Does every urgent answer of many nights reach somebody or end with everybody called, whatever fails meanwhile?

`DAYBREAK_DEEP=1` runs a thousand of them.
"""

from __future__ import annotations

import os
from collections import Counter

from daybreak.web.forms.models import Answer
from daybreak.web.outbox import queries as outbox
from daybreak.web.outbox.models import Message, Result
from daybreak.web.tasks.models import Call, Raised, Waits
from daybreak.web.tasks.state import state
from tests.nights.night import FOLLOWS, HOUR, MINUTE, SECOND, Night
from tests.nights.rota import there

HOW_MANY = 1000 if os.environ.get("DAYBREAK_DEEP") == "1" else 6


def test_no_answer_of_a_thousand_nights_is_lost(nights) -> None:
    counted: Counter[str] = Counter()
    problems = []
    for seed in range(HOW_MANY):
        with nights(seed) as night:
            night.run()
            told = list(wrong(night, counted))
            problems += [f"night {seed} ({night.zone}, {night.on}): {one}" for one in told]
    print(dict(counted))
    assert not problems, "\n".join(problems[:60])


def wrong(night: Night, counted: Counter[str]):
    """What of this night may not be so."""
    counted["nights"] += 1
    counted.update(kind for _, kind, _ in night.faults)
    yield from called_or_taken(night, counted)
    yield from mails(night, counted)
    yield from in_time(night, counted)
    yield from promises(night, counted)
    yield from night.forgotten
    yield from in_hands(night, counted)


def called_or_taken(night, counted):
    for task in night.now_tasks():
        counted["now"] += 1
        now = state(task)
        taken = any(one.what == "taken" for one in now.events)
        counted["taken" if taken else "nobody took it"] += 1
        waiting = Call.objects.filter(task=task, called__isnull=True, due__lte=night.machine).count()
        if waiting:
            yield f"{waiting} calls of {task.created} were never made"
        if not task.calls.filter(step=2, called__isnull=False).exists() and night.true - task.created > 16 * MINUTE:
            yield f"the last level was not reached about {task.created}"


def in_hands(night, counted):
    """What waits for the day is with somebody by name who had said that they are there, or people were called."""
    for waits in Waits.objects.select_related("task__owner"):
        counted["today"] += 1
        raised = Raised.objects.filter(waits=waits).first()
        counted[f"raised: {raised.why}" if raised else "waits"] += 1
        before = waits.task.due - SECOND
        if waits.task.owner.login not in there(night.rota, before, night.zone):
            yield f"{waits.task.owner.login} has it until {waits.task.due} and is not there"
        said = list(Answer.objects.filter(sitting__patient=waits.task.patient, question__in=FOLLOWS))
        assessed = state(waits.task).closed  # by a prescriber, by name: it waits for nothing any more
        over = not assessed and waits.until and night.machine > waits.until + MINUTE
        if raised is None and over and [one.value for one in said] != ["no"] * len(FOLLOWS):
            yield f"it still waits after {[one.value for one in said]}"
        if raised and not raised.task.calls.exists():
            yield "it was raised and nobody was called"


def mails(night, counted):
    sent = set(Result.objects.filter(outcome="sent").values_list("attempt__message_id", flat=True))
    copies = Counter(id for _, id, _, _ in night.post.took)
    for message in Message.objects.filter(person__isnull=False):
        n, excused = copies[message.message_id], night.post.twice_excused[message.message_id]
        counted["mails"] += n
        counted["repeats"] += max(0, n - 1)
        if n > 1 + excused:
            yield f"a mail left {n} times, {excused} of them for a reason"
        if not n and message.pk not in {one.message.pk for one in outbox.stuck(at=night.machine)}:
            yield f"a mail of {message.created} never left and nobody is told"
        if n and message.pk not in sent and not excused:
            yield "a mail left and is not known to have"
    for id, n in copies.items():
        subjects = [subject for _, each, _, subject in night.post.took if each == id]
        if n > 1 and not all("repeat" in one.lower() for one in subjects[1:]):
            yield f"a repeat does not say so: {subjects}"


def in_time(night, counted):
    about = {one.message_id: one.about for one in Message.objects.all()}
    for task in night.now_tasks():
        true = (
            task.created
        )  # where no fault lies near, also not by a clock that is an hour behind, the machine has the true time
        if any(begins - HOUR - MINUTE < true < begins + max(long, HOUR) for begins, _, long in night.faults):
            continue
        if not there(night.rota, true, night.zone):
            continue
        counted["in time"] += 1
        first = min((at for at, id, _, _ in night.post.took if about[id] == task.pk), default=None)
        if first is None or first - true > 60 * SECOND:
            yield f"somebody was there at {true}, and the first mail left at {first}"


def promises(night, counted):
    for one in night.said:
        named = [login for login in night.people if login.title() in one.promise]
        counted["promises" if named else "no promise"] += 1
        if named and not set(named) <= one.told:
            yield f"at {one.machine} {named} is promised; of them a notice had reached {one.told}: {one.promise}"
        if not named and "Nobody" not in one.promise:
            yield f"says neither: {one.promise}"
