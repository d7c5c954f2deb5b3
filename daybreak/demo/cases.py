"""How far has a patient come, and who signed what? (`obstacles` has what may stand in the way)"""

from __future__ import annotations

from dataclasses import replace

from daybreak.demo.depression import asked, depressed, resistant, trial, worked_up
from daybreak.demo.story import (
    AGREE,
    CONFIRM,
    EPISODE,
    EXCEPT,
    NOT_YET,
    SECOND,
    TAKE_BACK,
    TREAT,
    WEIGH,
    WITHDRAW,
    Story,
)

NASAL, IV = "esketamine-nasal-us", "ketamine-iv-consensus"


def registered(s: Story) -> None:
    """At the front desk today; nothing else is known."""
    s.known_for = 0


def referred(s: Story) -> None:
    """A referral came in and was imported; nobody has confirmed or asked anything."""
    resistant(s)
    s.record.came()


def half_reviewed(s: Story) -> None:
    """Asked, but nobody went through medicines, substance use or earlier ketamine: no rows is not no history."""
    resistant(s)
    s.record.came()
    s.did(5, CONFIRM)
    asked(s, ago=3)
    s.reviewed(3, "conditions", "allergies")


def ready(s: Story) -> None:
    """Everything is known; the decision waits for a signature."""
    resistant(s)
    worked_up(s)


def treated(s: Story) -> None:
    """A signed decision to treat: the next step is the first dose."""
    resistant(s)
    worked_up(s, ago=4)
    s.did(1, TREAT, protocol=NASAL)


def under_way(s: Story) -> None:
    """Decided a month ago and in treatment since: visits that were, scores week by week, and what comes next."""
    s.known_for = 50
    resistant(s)
    worked_up(s, ago=33)
    s.did(30, TREAT, protocol=NASAL)


def infused(s: Story) -> None:
    """The same, with infusions."""
    under_way(s)
    s.acts[-1] = replace(s.acts[-1], protocol=IV)


def not_yet(s: Story) -> None:
    """A signed "not yet": psychotherapy first, and a day on which somebody looks again."""
    resistant(s)
    worked_up(s, ago=6)
    s.did(2, NOT_YET, protocol=NASAL, review_in=s.chance.choice((14, 28, 56)))


def look_again(s: Story) -> None:
    """A "not yet" whose day has come, with answers that have grown old meanwhile."""
    s.known_for = 70
    resistant(s)
    worked_up(s, ago=45)
    s.did(42, NOT_YET, protocol=NASAL, review_in=40)


def reopened(s: Story) -> None:
    """First "not yet", then new answers and a decision to treat; both stay as they were signed."""
    s.known_for = 60
    resistant(s)
    worked_up(s, ago=40)
    s.did(39, EPISODE, text="severe", value="620")
    s.did(38, NOT_YET, protocol=NASAL, review_in=30)
    asked(s, ago=3)
    s.did(2, TREAT, protocol=NASAL)


def one_exception(s: Story) -> None:
    """Blood pressure ran high, and the prescriber goes ahead with a reason."""
    resistant(s)
    s.record.condition("I10", "Essential hypertension", since=s.day(2200))
    worked_up(s, ago=4, pressure=(152, 94))
    s.did(2, EXCEPT, protocol=NASAL, criterion="hypertension_controlled", code="passing_cause", text=PASSING)
    s.did(1, TREAT, protocol=NASAL)


def waits_for_second(s: Story) -> None:
    """An earlier psychosis: the first signature is there, the second one is awaited."""
    resistant(s)
    s.record.condition("F23", "Brief psychotic disorder", since=s.day(4700), until=s.day(4660), status="resolved")
    worked_up(s, ago=4)
    s.did(2, EXCEPT, protocol=NASAL, criterion="no_psychosis", code="known_otherwise", text=LONG_AGO)


def two_signatures(s: Story) -> None:
    """The same with both signatures, and then the decision."""
    waits_for_second(s)
    s.did(1, SECOND, protocol=NASAL, criterion="no_psychosis")
    s.did(1, TREAT, protocol=NASAL)
    s.did(1, AGREE, protocol=NASAL)


def void_exception(s: Story) -> None:
    """An exception that no longer stands: blood pressure was measured again after it."""
    resistant(s)
    s.record.condition("I10", "Essential hypertension", since=s.day(2200))
    worked_up(s, ago=5, pressure=(151, 93))
    s.did(4, EXCEPT, protocol=NASAL, criterion="hypertension_controlled", code="passing_cause", text=PASSING)
    s.record.pressure(164, 101, f"{s.day(1)}T09:20:00Z")


def taken_back(s: Story) -> None:
    """An exception that the prescriber withdrew a day later."""
    resistant(s)
    s.record.medicine("6470", "lorazepam", mg=1, since=s.day(200))
    s.record.condition("F31.81", "Bipolar II disorder", since=s.day(3000))
    worked_up(s, ago=5)
    s.did(3, EXCEPT, protocol=NASAL, criterion="no_bipolar", code="specialist_advice", text=ADVICE)
    s.did(2, TAKE_BACK, protocol=NASAL, criterion="no_bipolar")


def corrected(s: Story) -> None:
    """A weight typed in the wrong unit and corrected, and an entry of somebody else taken out again."""
    resistant(s)
    worked_up(s)
    s.did(4, WEIGH, value="157")
    s.did(3, WEIGH, value="71")
    s.did(2, WITHDRAW, text="belongs to another patient with the same name")


def expired(s: Story) -> None:
    """Everything was asked once; every answer is too old to rely on."""
    s.known_for = 210
    resistant(s)
    worked_up(s, ago=180)


def dose_unknown(s: Story) -> None:
    """The second trial has no dose: it could count, and somebody has to ask."""
    depressed(s, since=420)
    trial(s, "escitalopram", since=390, days=110)
    trial(s, "duloxetine", since=250, days=120, mg=None)
    worked_up(s)


def dates_unknown(s: Story) -> None:
    """Nobody wrote down when the second antidepressant ended."""
    depressed(s, since=420)
    trial(s, "sertraline", since=390, days=110)
    s.record.medicine("39786", "venlafaxine", mg=150, since=s.day(250)[:4], why_ended="no effect")
    worked_up(s)


def three_weeks(s: Story) -> None:
    """The second antidepressant was stopped after three weeks: no treatment resistance yet."""
    depressed(s, since=300)
    trial(s, "escitalopram", since=280, days=100)
    trial(s, "duloxetine", since=120, days=20, why="side effects")
    worked_up(s)


def never_tried(s: Story) -> None:
    """A first episode and no antidepressant before."""
    depressed(s, since=60)
    s.record.therapy("psychotherapy", since=s.day(50), until=s.day(5))
    worked_up(s)


PASSING = "Two doses of a decongestant on both mornings; home readings of the week before were below 135/85."
LONG_AGO = "One episode of five weeks thirteen years ago under steroids; none since, seen by two colleagues."
ADVICE = "Discussed with the mood clinic; stable on a mood stabiliser for years."
