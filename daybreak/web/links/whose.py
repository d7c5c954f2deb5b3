"""About which patient is a link, and of which site? What is not certain stays unsaid."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.apps import apps

from daybreak.web.links.models import Link
from daybreak.web.links.purposes import PURPOSES


def whose(link: Link) -> tuple[UUID | None, UUID | None]:
    """The patient and the site, as they are known by now: somebody who was referred is registered later.

    The site is the one for which the link was made; failing that the one of its subject, when there is but one.
    """
    purpose = PURPOSES[link.purpose]
    if not purpose.site:
        return None, link.site_id
    label, _, site = purpose.site.partition(":")
    subject = apps.get_model(label)._default_manager.filter(pk=link.subject)
    found = list(subject.values_list(purpose.patient, site))
    return _only(one for one, _ in found), link.site_id or _only(one for _, one in found)


def _only(ids: Iterable[UUID | None]) -> UUID | None:
    different = {id for id in ids if id}
    return different.pop() if len(different) == 1 else None
