"""How is a letter told on a page: to whom, after what, how far it came, and what happened to it?"""

from __future__ import annotations

from typing import Any

from daybreak.knowledge.letters import letters
from daybreak.web import zones
from daybreak.web.letters import queries
from daybreak.web.letters.models import Step, What
from daybreak.web.letters.queries import Standing
from daybreak.web.outbox.queries import result, tries
from daybreak.web.reach.models import Outsider
from daybreak.web.reach.telling import ANSWERS, OUTCOMES, ROLES
from daybreak.web.words import known, word

STATES = {
    queries.DUE: "letters.is_due",
    queries.WRITTEN: "letters.is_written",
    queries.SENT: "letters.is_sent",
    queries.ARRIVED: "letters.has_arrived",
    queries.DROPPED: "letters.was_dropped",
}
DID = {
    What.WRITTEN: "letters.did_write",
    What.MAILED: "letters.did_mail",
    What.COVERED: "letters.did_cover",
    What.FAXED: "letters.did_fax",
    What.POSTED: "letters.did_post",
    What.ARRIVED: "letters.did_arrive",
    What.DROPPED: "letters.did_drop",
}


def line(one: Standing, language: str) -> dict[str, Any]:
    """One letter among others."""
    return {
        "row": one.row,
        "title": title(one.row.occasion, language),
        "whom": one.whom,
        "role": word(ROLES[one.whom.role], language),
        "state": word(STATES[one.state], language),
        "open": one.state in (queries.DUE, queries.WRITTEN),
        "due": zones.minute(one.row.due),
    }


def title(occasion: str, language: str) -> str:
    """What such a letter is called."""
    return str(letters()[occasion]["title"][known(language)])


def step(one: Step, language: str) -> dict[str, Any]:
    """One thing that happened to it, with what became of the mail."""
    made = tries(one.message) if one.message else []
    ended = result(made[-1]) if made else None
    mail = word(OUTCOMES[ended.outcome] if ended else "letters.mail_waits", language) if one.message else ""
    return {
        "did": word(DID[What(one.what)], language),
        "at": zones.minute(one.created),
        "by": one.by.display_name if one.by else word("letters.by_link", language),
        "text": "" if one.what == What.WRITTEN else one.text,
        "mail": mail,
        "paper": one.paper_id,
        "bundle": one.bundle_id,
    }


def contact(one: Outsider, since: str, language: str) -> dict[str, Any]:
    """Somebody who also looks after the patient: as what, reached how, known here since when, and may they be told?"""
    return {
        "row": one,
        "role": word(ROLES[one.role], language),
        "since": since,
        "may": word(ANSWERS[one.may_tell], language),
    }
