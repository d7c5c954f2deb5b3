"""Which referrals wait at these sites, how does each stand, and was the same person referred before?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from daybreak.web.patients import names
from daybreak.web.patients.queries import page_sites
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.referral.models import ENDS, Event, Referral, What
from daybreak.web.referral.state import State, state
from daybreak.web.tasks import queries as tasks
from daybreak.web.tasks.models import Task

MOST, ENDED_SHOWN = 100, 30


def source(referral: Referral) -> str:
    """What the task of a referral was made by."""
    return f"referral {referral.id}"


def risk_source(referral: Referral) -> str:
    """What the task about the risk that the referrer saw was made by."""
    return f"{source(referral)} risk"


def visible(person: Person, *, at: datetime) -> QuerySet[Referral]:
    """Those to the sites where the person registers patients."""
    return Referral.objects.filter(site__in=page_sites(person, Permission.REGISTER_PATIENTS, at=at)).select_related(
        "site", "outsider"
    )


def one_or_404(person: Person, id: UUID, *, at: datetime) -> Referral:
    """The referral for a page: what is not yours does not exist."""
    found = visible(person, at=at).filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def waiting(person: Person, *, at: datetime) -> list[Referral]:
    """Those that nothing has ended, the urgent first, then the oldest."""
    return list(visible(person, at=at).filter(~Exists(_ended())).order_by("-urgent", "created", "id")[:MOST])


def over(person: Person, *, at: datetime) -> list[Referral]:
    """The last ones that ended."""
    return list(visible(person, at=at).filter(Exists(_ended())).order_by("-id")[:ENDED_SHOWN])


def states(referrals: Iterable[Referral]) -> dict[UUID, State]:
    """How each stands, by one query for all."""
    referrals = list(referrals)
    events: dict[UUID, list[Event]] = {}
    for event in Event.objects.filter(referral__in=referrals).select_related("by", "patient"):
        events.setdefault(event.referral_id, []).append(event)
    return {one.id: state(one, events.get(one.id, ())) for one in referrals}


def owners(referrals: Iterable[Referral], *, at: datetime) -> dict[UUID, tuple[Task, str]]:
    """The task of each with who has it (empty: nobody yet)."""
    by_source = {source(one): one.id for one in referrals}
    rows = list(Task.objects.filter(source__in=list(by_source)).select_related("owner"))
    return {
        by_source[task.source]: (task, now.owner.display_name if now.owner and not now.given else "")
        for task, now in tasks.with_states(rows, at=at)
    }


def same_person(referral: Referral) -> list[Referral]:
    """Other referrals to this site of somebody born on that day whose name has a word in common, the newest first."""
    mine = names.words(f"{referral.family_name} {referral.given_names}")
    rows = Referral.objects.filter(site=referral.site_id, birth=referral.birth).exclude(pk=referral.pk)
    return [
        one
        for one in rows.select_related("outsider").order_by("-id")[:MOST]
        if mine & names.words(f"{one.family_name} {one.given_names}")
    ]


def about(patients: Iterable[UUID]) -> Iterable[UUID]:
    """The referrals of these patients: their status pages are closed with every other link."""
    return Event.objects.filter(what=What.PATIENT, patient__in=list(patients)).values_list("referral", flat=True)


def _ended() -> QuerySet[Event]:
    return Event.objects.filter(referral=OuterRef("pk"), what__in=[one.value for one in ENDS])
