"""How is it told how somebody is reached, and what became of what was sent to them?"""

from __future__ import annotations

from typing import Any

from daybreak.web import zones
from daybreak.web.outbox.models import FAILED, HELD, SENT, UNCLEAR, Message
from daybreak.web.outbox.queries import result, tries
from daybreak.web.reach.models import (
    CARER,
    CUSTODY,
    DIED,
    HOSPITAL,
    MAIL,
    MOVED,
    NO,
    NO_MESSAGES,
    PAUSES,
    PHONE,
    POST,
    PREGNANT,
    STANDINGS,
    STOPPED,
    TEXT,
    YES,
    Standing,
)
from daybreak.web.texting.models import Text, What
from daybreak.web.words import LANGUAGES, word

ANSWERS = {YES: "reach.yes", NO: "reach.no", "": "reach.not_asked"}
WAYS = {
    MAIL: "reach.way_mail",
    TEXT: "reach.way_text",
    PHONE: "reach.way_phone",
    POST: "reach.way_post",
    "": "reach.not_asked",
}
PROFESSIONS = {
    "family_doctor": "reach.family_doctor",
    "therapist": "reach.therapist",
    "psychiatrist": "reach.psychiatrist",
    "case_worker": "reach.case_worker",
    "other": "reach.other_role",
}
ROLES = {**PROFESSIONS, CARER: "reach.carer"}
KINDS = {
    DIED: "reach.died",
    HOSPITAL: "reach.hospital",
    CUSTODY: "reach.custody",
    PREGNANT: "reach.pregnant",
    STOPPED: "reach.stopped",
    MOVED: "reach.moved",
    NO_MESSAGES: "reach.no_messages",
}
OUTCOMES = {
    SENT: "reach.was_sent",
    FAILED: "reach.was_not_sent",
    UNCLEAR: "reach.was_unclear",
    HELD: "reach.was_held",
}


CAME = {What.NUMBER: "texting.a_number", What.NOBODYS: "texting.nobodys", What.WORDS: "texting.words"}


def choices(of: dict[str, str], language: str) -> list[tuple[str, str]]:
    """What can be chosen, in words."""
    return [(value, word(said, language)) for value, said in of.items()]


def languages() -> list[tuple[str, str]]:
    """The languages that messages are written in, each by its own name."""
    return list(LANGUAGES.items())


def standings_to_choose(language: str) -> list[tuple[str, str]]:
    """What can be said, the ends before the pauses."""
    return [(kind, word(KINDS[kind], language)) for kind in STANDINGS if kind in KINDS]


def sign(standing: Standing, language: str) -> str:
    """One line for the head of every page about the patient; it may be read over a shoulder and says no more than needed."""
    if standing.kind in PAUSES:
        return word("reach.sign_paused", language, since=standing.since)
    return word("reach.sign", language, what=word(KINDS[standing.kind], language), since=standing.since)


def message(one: Message, language: str) -> dict[str, Any]:
    """One message: to whom, when, in how many tries, and how it stands."""
    made = tries(one)
    ended = result(made[-1]) if made else None
    outcome = OUTCOMES[ended.outcome] if ended else "reach.was_not_tried" if not made else "reach.was_unclear"
    return {
        "at": zones.minute(one.created),
        "to": one.to,
        "whom": one.outsider.name if one.outsider else "",
        "subject": word(one.text, language),
        "outcome": word(outcome, language),
        "sent": bool(ended and ended.outcome == SENT),
        "why": word(ended.error, language) if ended and ended.error else "",
        "tries": len(made),
    }


def text(one: Text, language: str) -> dict[str, str]:
    """One text that came: when, what it counts as, and what it says."""
    return {"at": zones.minute(one.created), "what": word(CAME[What(one.what)], language), "text": one.text}
