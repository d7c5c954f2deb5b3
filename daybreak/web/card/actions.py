"""How does a named person state something for a site, and publish its card?"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from daybreak.knowledge import card
from daybreak.knowledge.store import digest_of
from daybreak.web import ids, place, signing, zones
from daybreak.web.audit import trail
from daybreak.web.card import queries
from daybreak.web.card.models import Card, Stated
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused

WHAT = "card"  # what the envelope calls it


@transaction.atomic
def state(
    site: Site, measure: str, *, text: str, evidence: str, until: date | None, by: Person, at: datetime, key: UUID
) -> Stated:
    """From today on, until before that day."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"site": site.id, "measure": measure, "text": text, "evidence": evidence, "until": until}
    if earlier := keys.known(key, action="state_card", content=content):
        return Stated.objects.get(pk=earlier)
    if measure not in card.stated():
        raise Refused("error.bad_request")
    today = zones.day(at, site.zone)
    last = today + card.days("states")
    for name, typed, refused in (("text", text, "card.no_text"), ("evidence", evidence, "card.no_evidence")):
        longest = Stated._meta.get_field(name).max_length
        if not 0 < len(typed) <= longest:
            raise Refused(refused, in_field=name, most=longest)
    if until is None or not today < until <= last:
        raise Refused("card.no_until", in_field="until", last=last.isoformat())
    told = {"measure": measure, "text": text, "evidence": evidence, "on": today, "until": until, "by": by}
    row = Stated(id=ids.new(), organisation_id=site.organisation_id, created=at, site=site, **told)
    row.save(force_insert=True)
    trail.wrote(row, action="card_stated", who=by.id, at=at, site=site.id)
    keys.remember(key, action="state_card", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


@transaction.atomic
def publish(site: Site, *, seen: str, by: Person, at: datetime, key: UUID) -> Card:
    """Sign and publish what the records answer now. `seen`: the digest of what was shown; other answers are shown first."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"site": site.id, "seen": seen}
    if earlier := keys.known(key, action="publish_card", content=content):
        return Card.objects.get(pk=earlier)
    slug = queries.slug(site)
    document = queries.document(site, queries.answered(site, at=at), by=by.display_name, slug=slug, at=at)
    if digest_of(document) != seen:
        raise Conflict("card.meanwhile")
    try:
        file = signing.sign(
            document, where=settings.PLACE, what=WHAT, site=site.name, at=at, until=at + card.days("holds")
        )
    except place.NotReady:
        raise Refused("card.no_key") from None
    row = Card(
        id=ids.new(), organisation_id=site.organisation_id, created=at, site=site, slug=slug, content=file, by=by
    )
    row.save(force_insert=True)
    trail.wrote(row, action="card_published", who=by.id, at=at, site=site.id)
    keys.remember(
        key, action="publish_card", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row
