"""What becomes of something that was tapped while the clinic was out of reach, and that it could not take afterwards?

Whoever tapped it discards it with a reason, and that it was tapped, when and why it does not count stands in the session.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.http import QueryDict

from daybreak.clinical.treatment.events import What
from daybreak.knowledge import sessions
from daybreak.web.cockpit.honest import Told, moment
from daybreak.web.people.models import Person
from daybreak.web.refusals import Refused
from daybreak.web.treatment import actions, telling
from daybreak.web.treatment.models import Session
from daybreak.web.words import known

LONGEST = 500  # letters of what was tapped
NOT_TAPPED = frozenset({"key", "sheet", "pin", "why", "later", "age", "heard", "since", "csrfmiddlewaretoken"})


def keep(session: Session, form: QueryDict, *, late: Told, by: Person, at: datetime, key: UUID) -> None:
    """`key`: that of the tap. It is told by the time of the tap, in the words of whoever discards it."""
    what = tapped(form, by.language)
    why = form.get("why", "").replace("\0", "").strip()
    if not what or not why:
        raise Refused("cockpit.say_why_discarded", in_field="why")
    when = moment(late, received=at)
    told = {"discarded": what, "why": why}
    about = {"happened": when.happened, "uncertain": timedelta(seconds=when.uncertain_s), "said": "discarded"}
    actions.report(session, What.EVENT, told, **about, by=by, at=at, key=uuid5(key, "discarded"))


def tapped(form: QueryDict, language: str) -> str:
    """As it was sent, whether it can be read or not: each row that we know by its name, and everything else as it stands."""
    found = []
    for name, typed in form.items():
        value = typed.replace("\0", "").strip()
        if name in NOT_TAPPED or not value:
            continue
        row, _, level = value.partition("/")
        if name == "value" and row in sessions.rows():
            name, value = row, level
        found.append(f"{_title(name, language)} {value}" if name not in ("value", "text") else value)
    return " · ".join(found)[:LONGEST]


def _title(name: str, language: str) -> str:
    if name in telling.PARTS:
        return telling.part(name, language)
    rows = sessions.rows()
    return str(rows[name]["title"][known(language)]) if name in rows else name
