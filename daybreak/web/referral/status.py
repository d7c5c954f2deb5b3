"""How does whoever referred somebody hear that there is something new, and where do they look?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from daybreak.web.links import actions as links
from daybreak.web.links.models import REFERRAL, Link
from daybreak.web.people.models import Person
from daybreak.web.reach import posting
from daybreak.web.reach import queries as reached
from daybreak.web.referral.models import Referral, What

WRITES_ABOUT = {What.CONTACTED, What.PLANNED, What.ACCEPTED, What.DECLINED, What.NO_RESPONSE}


def link(referral: Referral, *, by: Person | None, at: datetime) -> Link:
    """The link to the status page: the one that there is, as long as it opens something; else a new one."""
    rows = Link.objects.filter(purpose=REFERRAL, subject=referral.id, expires__gt=at).order_by("-id")
    if found := next((one for one in rows if links.usable(one, at=at)), None):
        return found
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
    if outsider.email and not stopped:
        posting.to_outsider(outsider, about=about, at=at, link=link(referral, by=by, at=at))
