"""How does a site adopt a protocol, how does it ask for more, and how does it stop?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.clinical.answers import Reason
from daybreak.knowledge.protocols import NotInForce, UnknownProtocol
from daybreak.knowledge.sentences import language as sentences
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.protocols import grounds, policies, queries
from daybreak.web.protocols.models import ADOPTED, WITHDRAWN, Adoption, Stricter
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.words import known


class Loosens(Refused):
    """A site's policy would loosen the protocol, or does so since the protocol changed. The reasons are knowledge's."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__("protocols.does_not_fit")
        self.reasons = reasons

    def _said(self, language: str) -> str:
        """What would be looser; where that cannot be said, that the policy does not fit."""
        said = sentences(known(language))
        return " ".join(said.say(reason) for reason in self.reasons) or super()._said(language)


@transaction.atomic
def adopt(*, id: str, digest: str, site: Site, by: Person, at: datetime, key: UUID) -> Adoption:
    """The site adopts the protocol as it stands today, if that is what the signer was shown (`digest`)."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"protocol": id, "digest": digest, "site": site.id, "by": by.id}
    if earlier := keys.known(key, action="adopt", content=content):
        return Adoption.objects.get(pk=earlier)
    found = _here(id, policies.lines_of([site.id]).get((site.id, id), []), day=zones.day(at, site.zone))
    if found.unfit:
        raise Loosens(found.reasons)
    if found.protocol.digest != digest:
        raise Conflict("protocols.changed_meanwhile")
    last = queries.newest([site.id]).get((site.id, id))
    if queries.in_force(last, digest=digest):
        raise Refused("protocols.adopted_already")
    told = {
        "version": found.protocol.version,
        "digest": digest,
        "overlay_digest": found.overlay_digest,
        "lines": json.dumps(policies.lines(id, found.stricter, as_of=zones.day(at, site.zone))),
        "ground_id": grounds.keep(site.organisation_id, by=by, at=at).id,
    }
    return _add(ADOPTED, id, told, last=last, site=site, by=by, at=at, key=key, content=content)


@transaction.atomic
def withdraw(*, id: str, reason: str, site: Site, by: Person, at: datetime, key: UUID) -> Adoption:
    """The site no longer uses it. What was signed under it stays; nothing new can be."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"protocol": id, "reason": reason, "site": site.id, "by": by.id}
    if earlier := keys.known(key, action="withdraw_adoption", content=content):
        return Adoption.objects.get(pk=earlier)
    last = queries.newest([site.id]).get((site.id, id))
    if last is None or last.kind == WITHDRAWN:
        raise Refused("protocols.not_adopted_here")
    if not reason.strip():
        raise Refused("protocols.reason_missing", in_field="reason")
    same = ("version", "digest", "overlay_digest", "lines", "ground_id")
    told = {name: getattr(last, name) for name in same} | {"reason": reason.strip()}
    return _add(WITHDRAWN, id, told, last=last, site=site, by=by, at=at, key=key, content=content)


@transaction.atomic
def ask_more(
    *,
    id: str,
    criterion: str,
    when: str,
    line: Mapping[str, Any] | None,
    seen: str,
    reason: str,
    site: Site,
    by: Person,
    at: datetime,
    key: UUID,
) -> Stricter:
    """The site asks for more than the protocol in one criterion; None: no longer. `seen` is the digest of what was shown.

    Nothing is decided under it before the site adopts the protocol again: its wording here is another one now.
    """
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"protocol": id, "criterion": criterion, "when": when, "line": line, "reason": reason, "site": site.id}
    if earlier := keys.known(key, action="ask_more", content=content):
        return Stricter.objects.get(pk=earlier)
    rows = policies.lines_of([site.id]).get((site.id, id), [])
    if _here(id, rows, day=zones.day(at, site.zone)).protocol.digest != seen:
        raise Conflict("protocols.changed_meanwhile")
    if not reason.strip() or len(reason) > Stricter._meta.get_field("reason").max_length:
        raise Refused("protocols.reason_stricter", in_field="reason")
    last = Stricter.objects.filter(
        site=site, protocol=id, criterion=criterion, when=when, replaced_by__isnull=True
    ).first()
    before = (
        json.loads(last.line)
        if last and last.line
        else policies.base(id, criterion, when, as_of=zones.day(at, site.zone))
    )
    nothing_to_lift = line is None and not (last and last.line)
    if nothing_to_lift or (line and before and policies.same(line, before)):
        raise Refused("protocols.nothing_stricter")
    row = Stricter(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        protocol=id,
        criterion=criterion,
        when=when,
        line=json.dumps(line, sort_keys=True) if line else "",
        reason=reason.strip(),
        by=by,
        replaces=last,
    )
    others = [one for one in rows if (one.criterion, one.when) != (criterion, when)]
    after = _here(id, [*others, row] if line else others, day=zones.day(at, site.zone))
    if line and after.unfit:
        raise Loosens(after.reasons)
    row.save(force_insert=True)
    trail.wrote(row, action="policy_laid" if line else "policy_lifted", who=by.id, at=at, site=site.id)
    keys.remember(key, action="ask_more", content=content, answer=row.id, organisation_id=site.organisation_id, at=at)
    return row


def _here(id: str, rows: Sequence[Stricter], *, day: date) -> policies.Here:
    try:
        return policies.here(id, rows, as_of=day)
    except (UnknownProtocol, NotInForce):
        raise Refused("protocols.cannot_adopt") from None


def _add(
    kind: str,
    id: str,
    told: dict[str, Any],
    *,
    last: Adoption | None,
    site: Site,
    by: Person,
    at: datetime,
    key: UUID,
    content: dict[str, Any],
) -> Adoption:
    row = Adoption(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        protocol=id,
        kind=kind,
        by=by,
        replaces=last,
        **told,
    )
    row.save(force_insert=True)
    action = "protocol_adopted" if kind == ADOPTED else "adoption_withdrawn"
    trail.wrote(row, action=action, who=by.id, at=at, site=site.id)
    done = "adopt" if kind == ADOPTED else "withdraw_adoption"
    keys.remember(key, action=done, content=content, answer=row.id, organisation_id=site.organisation_id, at=at)
    return row
