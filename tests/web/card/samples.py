"""Which card is published for the sample address?"""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings

from daybreak.clinical.clinic.quality import answers
from daybreak.knowledge import card
from daybreak.web import ids, signing
from daybreak.web.card import queries
from daybreak.web.card.actions import WHAT
from daybreak.web.card.models import Card
from daybreak.web.people.models import Person, Site

SLUG = "harbor"


def make(site: Site, by: Person) -> Card:
    """Signed now; nothing is recorded."""
    at = datetime.now(UTC)
    found = answers(card.asked(), {}, {}, first=at.date(), last=at.date(), on=at.date(), small=card.small())
    document = queries.document(site, found, by=by.display_name, slug=SLUG, at=at)
    file = signing.sign(document, where=settings.PLACE, what=WHAT, site=site.name, at=at, until=at + card.days("holds"))
    told = {"organisation_id": site.organisation_id, "site": site, "slug": SLUG, "content": file, "by": by}
    return Card.objects.create(id=ids.new(), created=at, **told)
