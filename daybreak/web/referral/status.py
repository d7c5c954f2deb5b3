"""How does whoever referred somebody hear that there is something new, and where do they look?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from daybreak.web.links import actions as links
from daybreak.web.links.models import REFERRAL, REVOKED, Link
from daybreak.web.people.models import Person
from daybreak.web.reach import posting
from daybreak.web.reach import queries as reached
from daybreak.web.reach.models import YES
from daybreak.web.referral.models import Referral, What
from daybreak.web.referral.state import State

WRITES_ABOUT = {What.CONTACTED, What.PLANNED, What.ACCEPTED, What.DECLINED, What.NO_RESPONSE}


def hears(referral: Referral, now: State) -> bool:
    """Does the patient still agree that whoever referred them hears what becomes of it, and do they still look after them?

    With the referral it was said at its door; from when it has a patient on, the newest word about the referrer counts.
    """
    if now.patient is None:
        return referral.may_tell
    outsider = reached.outsider_now(referral.outsider.root)
    return outsider.may_tell == YES and not outsider.ended


def link(referral: Referral, *, by: Person | None, at: datetime) -> Link | None:
    """The link to the status page: the one that there is, as long as it opens something; else a new one.

    None when the last one was taken back: whoever did that meant the page and not only its address.
    """
    rows = list(Link.objects.filter(purpose=REFERRAL, subject=referral.id).order_by("-id"))
    if found := next((one for one in rows if links.usable(one, at=at)), None):
        return found
    if rows and rows[0].events.filter(kind=REVOKED).exists():
        return None
    return links.make(
        purpose=REFERRAL,
        subject=referral.id,
        organisation_id=referral.organisation_id,
        by=by,
        at=at,
        via="" if by else "web",
    )


def write(referral: Referral, *, about: UUID, by: Person | None, at: datetime) -> None:
    """That there is something new, and the link; nothing of it in the message. Without an address they look, or call."""
    outsider = reached.outsider_now(referral.outsider.root)
    stopped = outsider.patient_id and reached.stopped([outsider.patient_id])
    if outsider.email and not stopped and (found := link(referral, by=by, at=at)):
        posting.to_outsider(outsider, about=about, at=at, link=found)
