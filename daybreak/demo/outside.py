"""How are the demo's patients reached, and whom do therapists and family doctors refer to its clinic?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from daybreak.demo.staff import HARBOUR, MILL, TEAMS
from daybreak.demo.story import Story
from daybreak.web import ids
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.reach import actions as reach
from daybreak.web.reach.forms import Known, Reached
from daybreak.web.reach.models import NO, YES
from daybreak.web.referral import actions as referrals
from daybreak.web.referral.models import Door, Referral, What
from daybreak.web.referral.state import state
from daybreak.web.referral.told import Told

EVENING = 19 * 60  # minutes of the day at which the desk writes down how somebody is reached
WRITTEN = 30  # days ago, of those who were known by then
REFERRED = "H-1060"
EVERY = 3  # of three patients one has somebody outside, one is not written to, and one only has a phone
Step = tuple[int, int, Callable[[datetime], None]]  # days ago, minute of the day, what is done


@dataclass(frozen=True, slots=True)
class Sent:
    """One referral, so many days ago, and what was done about it on the following days."""

    ago: int
    site: str
    family: str
    given: str
    birth: str
    why: str
    acts: tuple[What, ...] = ()
    door: Door = Door.WEB
    urgent: bool = False
    text: str = ""


SENT = (
    Sent(21, HARBOUR, "Farrow", "Ruth", "1968-03-09", "Three medicines in two years.", (What.LOOKED, What.CONTACTED)),
    Sent(
        14,
        HARBOUR,
        "Adeyemi",
        "Tunde",
        "1990-11-21",
        "Asks for it; first episode.",
        (What.LOOKED, What.DECLINED),
        text="A first episode without a treatment so far. We are glad to talk about it.",
    ),
    Sent(
        12,
        MILL,
        "Sorrel",
        "Mina",
        "1979",
        "Does not go out any more.",
        (What.LOOKED, What.TRIED, What.NO_RESPONSE),
        door=Door.FAX,
    ),
    Sent(3, MILL, "郭", "敏", "1985-06-30", "两种药物疗效不佳。", (What.LOOKED,)),
    Sent(1, HARBOUR, "Halloran", "Jude", "1999-01-17", "Cannot work; sleeps little.", urgent=True),
    Sent(1, HARBOUR, "Ferro", "Ruth", "1968-03-09", "Second letter about her.", door=Door.PHONE),
)


def steps(stories: Iterable[Story], sites: Mapping[str, Site], workers: Mapping[str, Person]) -> Iterator[Step]:
    """What is done, days ago and at which minute of the day."""
    for number, story in enumerate(stories):
        yield min(story.known_for, WRITTEN), EVENING, _reached(story, number, workers[story.team.desk.login])
        if story.number == REFERRED:
            yield from _referred(story, sites[story.who.site], workers)
    for sent in SENT:
        team = TEAMS[sent.site]
        kept: list[Referral] = []
        yield sent.ago, 9 * 60, _received(sent, kept, sites[sent.site], workers[team.desk.login])
        for after, what in enumerate(sent.acts, 1):
            yield sent.ago - after, 11 * 60, _done(sent, kept, what, workers[team.nurse.login])


def _referred(story: Story, site: Site, workers: Mapping[str, Person]) -> Iterator[Step]:
    """Somebody who is a patient now came by a referral, and the referrer hears that they were accepted."""
    kept: list[Referral] = []
    desk, nurse = workers[story.team.desk.login], workers[story.team.nurse.login]
    sent = Sent(0, story.who.site, story.who.family, story.who.given, story.birth, "Three medicines without effect.")

    def here(at: datetime) -> None:
        patient = Patient.objects.get(registrations__number=story.number, registrations__site=site)
        referrals.belongs_to(kept[0], patient, seen=0, by=desk, at=at)

    yield story.known_for + 2, 9 * 60, _received(sent, kept, site, desk)
    yield WRITTEN, EVENING + 5, here
    yield WRITTEN - 1, 11 * 60, _done(sent, kept, What.ACCEPTED, nurse)


def _reached(story: Story, number: int, by: Person) -> Callable[[datetime], None]:
    name = f"patient{number}"

    def step(at: datetime) -> None:
        patient = Patient.objects.filter(
            registrations__number=story.number, registrations__site__name=story.who.site
        ).first()
        if patient is None:
            return
        told: dict[str, Any] = {"phone": f"555-{number:04}"}
        if number % EVERY == 0 or story.number == REFERRED:
            told |= {
                "email": f"{name}@example.org",
                "may_write": YES,
                "contact_name": "Jo",
                "contact_phone": "555-9999",
            }
            told |= {"contact_relation": "sibling", "contact_may_call": YES}
            known = Known("therapist", "Dr Alma Rivera", "Elm House", "rivera@example.org", "555-8888", "en", YES)
            reach.set_outsider(patient, known, seen=None, by=by, at=at, key=ids.new())
        elif number % EVERY == 1:
            told |= {"email": f"{name}@example.org", "may_write": NO}
        reach.set_reach(patient, Reached(**told), seen=None, by=by, at=at, key=ids.new())

    return step


def _received(sent: Sent, kept: list[Referral], site: Site, desk: Person) -> Callable[[datetime], None]:
    told = Told(
        from_role="family_doctor",
        from_name="Dr Alma Rivera",
        from_phone="555-8888",
        from_email="rivera@example.org",
        family_name=sent.family,
        given_names=sent.given,
        birth=sent.birth,
        phone="555-7777",
        why=sent.why,
        urgent=YES if sent.urgent else "",
        risk=NO,
        agreed=YES,
        may_tell=YES,
    )

    def step(at: datetime) -> None:
        by = None if sent.door is Door.WEB else desk
        kept.append(referrals.receive(told, site=site, door=sent.door, by=by, at=at, key=ids.new()))

    return step


def _done(sent: Sent, kept: list[Referral], what: What, by: Person) -> Callable[[datetime], None]:
    def step(at: datetime) -> None:
        seen, text = len(state(kept[0]).events), sent.text if what is What.DECLINED else ""
        referrals.add(kept[0], what, text=text, told=True, seen=seen, by=by, at=at, key=ids.new())

    return step
