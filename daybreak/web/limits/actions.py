"""How does a prescriber sign by which limits and for how long patients are watched at a site?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.stricter import Asked, crossed, numbers, outside
from daybreak.knowledge import watch as knowledge
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.limits import queries
from daybreak.web.limits.models import Signed
from daybreak.web.limits.telling import name
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.words import word

NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)


class Loosens(Refused):
    """Numbers that are none, or looser than the protocol: each with what was typed and what may stand there."""

    def __init__(self, protocol: str, wrong: Sequence[tuple[Asked, str]], mixed: Sequence[str]) -> None:
        super().__init__("limits.looser", in_field=wrong[0][0].name if wrong else "")
        self.protocol, self.wrong, self.mixed = protocol, wrong, mixed

    def _said(self, language: str) -> str:
        sentences = [
            word(
                "limits.outside",
                language,
                name=self._name(one.name, language),
                typed=typed,
                least=one.least,
                most=one.most,
            )
            for one, typed in self.wrong
        ]
        sentences += [word("limits.crossed", language, name=self._name(one, language)) for one in self.mixed]
        return " ".join((super()._said(language), *sentences))

    def _name(self, id: str, language: str) -> str:
        return name(id, self.protocol, language)


@transaction.atomic
def sign(
    site: Site,
    protocol: str,
    typed: Mapping[str, str],
    *,
    reason: str,
    digest: str,
    seen: UUID | None,
    by: Person,
    at: datetime,
    key: UUID,
) -> Signed:
    """From now on patients are watched by these numbers. `digest` and `seen`: the knowledge and the version that were shown."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    texts = {one.name: typed.get(one.name, "").strip() for one in _asked(protocol)}
    content = {"site": site.id, "protocol": protocol, "typed": texts, "reason": reason, "seen": seen}
    if earlier := keys.known(key, action="sign_watch", content=content):
        return Signed.objects.get(pk=earlier)
    last = queries.newest([site.id], protocol).get(site.id)
    if (last.id if last else None) != seen or digest != knowledge.digest(protocol):
        raise Conflict("limits.meanwhile")
    told = _numbers(protocol, texts)
    if not reason or len(reason) > Signed._meta.get_field("reason").max_length:
        raise Refused("limits.reason", in_field="reason")
    row = Signed(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        protocol=protocol,
        digest=digest,
        numbers=json.dumps({name: str(value) for name, value in told.items()}, sort_keys=True),
        reason=reason,
        by=by,
        replaces=last,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="watch_signed", who=by.id, at=at, site=site.id)
    keys.remember(key, action="sign_watch", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def _asked(protocol: str) -> tuple[Asked, ...]:
    return numbers(knowledge.watch(), knowledge.schedule(protocol))


def _numbers(protocol: str, texts: Mapping[str, str]) -> dict[str, Decimal]:
    """Every number that the protocol asks for, as typed. Refused with all that is wrong at once."""
    told = {name: Decimal(text) for name, text in texts.items() if NUMBER.fullmatch(text)}
    wrong = [(one, texts[one.name][:20]) for one in outside(told, knowledge.watch(), knowledge.schedule(protocol))]
    mixed = crossed(told, knowledge.watch())
    if wrong or mixed:
        raise Loosens(protocol, wrong, mixed)
    return told
