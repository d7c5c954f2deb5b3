"""How does a prescriber sign what a site's emergency card says?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.knowledge import sessions
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.cards import queries
from daybreak.web.cards.models import Text
from daybreak.web.cards.queries import FIELDS
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused

LONGEST = 4000  # letters: what fits on a screen in an emergency is much less


@transaction.atomic
def sign(
    site: Site,
    card: str,
    texts: Mapping[str, str],
    *,
    reason: str,
    seen: UUID | None,
    by: Person,
    at: datetime,
    key: UUID,
) -> Text:
    """From now on the card says this here. Without any words it is taken back. `seen`: the version that was shown."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    said = {name: texts.get(language, "").strip() for language, name in FIELDS.items()}
    content = {"site": site.id, "card": card, "texts": said, "reason": reason, "seen": seen}
    if earlier := keys.known(key, action="sign_card", content=content):
        return Text.objects.get(pk=earlier)
    if card not in sessions.cards():
        raise Refused("cards.none", in_field="card")
    last = queries.newest(site.id).get(card)
    if (last.id if last else None) != seen:
        raise Conflict("cards.meanwhile")
    for name, text in said.items():
        if len(text) > LONGEST:
            raise Refused("cards.too_long", in_field=name, most=LONGEST, typed=len(text))
    if last is None and not any(said.values()):
        raise Refused("cards.empty", in_field="en")
    if not reason or len(reason) > Text._meta.get_field("reason").max_length:
        raise Refused("limits.reason", in_field="reason")
    row = Text(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        card=card,
        **said,
        reason=reason,
        by=by,
        replaces=last,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="card_signed", who=by.id, at=at, site=site.id)
    keys.remember(key, action="sign_card", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row
