"""How is a decision signed, and how does somebody go ahead in spite of a finding?

Each action locks the patient, asks permission, looks at the state, writes and audits, in this order.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from daybreak.clinical.answers import MET
from daybreak.clinical.screening.judge import Decision
from daybreak.knowledge.sentences import language as sentences
from daybreak.knowledge.spans import span
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.patients.queries import locked_together, together
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.reach import queries as reach
from daybreak.web.reach import telling
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.screening import duties, exceptions, hard, snapshots
from daybreak.web.screening.judging import Judged, judge
from daybreak.web.screening.models import (
    CASES,
    COURSE,
    DOSE,
    NOT_YET,
    REASONS,
    SECOND,
    TREAT,
    WITHDRAWN,
    Override,
    OverrideEvent,
    SecondRule,
    SecondRuleSigned,
    SecondSignature,
    Snapshot,
)
from daybreak.web.tasks import suicide
from daybreak.web.words import known


@transaction.atomic
def override(
    patient: Patient,
    *,
    site: Site,
    protocol: str,
    criterion: str,
    seen: str,
    code: str,
    reason: str,
    by: Person,
    at: datetime,
    key: UUID,
    scope: str = COURSE,
    ends_on: date | None = None,
) -> Override:
    """Go ahead in spite of one finding. `seen` is the digest of what the page showed: nobody signs for something else."""
    patient = locked_together(patient)
    require(by, Permission.SIGN_SCREENING, at=at, site_id=site.id)
    asked = {"patient": patient.id, "protocol": protocol, "criterion": criterion, "code": code, "reason": reason}
    asked |= {"scope": scope, "ends_on": ends_on}
    if earlier := keys.known(key, action="override", content=asked):
        return Override.objects.get(pk=earlier)
    judged = judge(patient, site, at=at)
    decision = judged.decision(protocol)
    finding = exceptions.finding_of(decision, criterion) if decision else None
    if decision is None or finding is None:
        raise Refused("screening.no_such_criterion")
    if seen != exceptions.evidence_digest(finding):
        raise Conflict("screening.changed_meanwhile")
    if finding.answer.verdict is MET:
        raise Refused("screening.no_obstacle")
    if finding.criterion.override == exceptions.NOBODY:
        raise Refused("screening.no_exception")
    if code not in REASONS or not reason.strip() or len(reason) > Override._meta.get_field("reason").max_length:
        raise Refused("screening.reason_missing", in_field="reason")
    if (
        scope not in (COURSE, DOSE)
        or (scope == DOSE and ends_on is None)
        or (ends_on and ends_on < zones.day(at, site.zone))
    ):
        raise Refused("screening.end_missing", in_field="ends_on")
    row = Override(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        site=site,
        protocol=protocol,
        protocol_digest=decision.protocol.digest,
        criterion=criterion,
        verdict=finding.answer.verdict.value,
        evidence_digest=seen,
        scope=scope,
        ends_on=ends_on,
        needs_two=finding.criterion.override == exceptions.TWO,
        code=code,
        reason=reason.strip(),
        by=by,
    )
    _add(row, "override_signed", patient=patient, site=site, by=by, at=at)
    duties.put_down(judged.standings, by=by, at=at)
    if row.needs_two:
        duties.ask_for_second(row, by=by, at=at)
    _remember(key, "override", asked, row)
    return row


@transaction.atomic
def second(row: Override, *, by: Person, at: datetime, key: UUID) -> OverrideEvent:
    """Sign an exception as the second person, while it is still about what the first one saw."""
    patient = locked_together(row.patient)
    require(by, Permission.SECOND_SIGNATURE, at=at, site_id=row.site_id)
    asked = {"override": row.id, "by": by.id}
    if earlier := keys.known(key, action="second_signature", content=asked):
        return OverrideEvent.objects.get(pk=earlier)
    if by.id == row.by_id:
        raise Refused("screening.same_person")
    state = exceptions.standing(
        row, judge(patient, row.site, at=at).decision(row.protocol), day=zones.day(at, row.site.zone)
    ).state
    if state != exceptions.WAITS:
        raise Refused("screening.nothing_to_sign")
    return _event(row, SECOND, patient=patient, by=by, at=at, key=key, asked=asked)


@transaction.atomic
def withdraw(row: Override, *, by: Person, at: datetime, key: UUID) -> OverrideEvent:
    """The exception no longer stands. What was signed under it stays as it is."""
    patient = locked_together(row.patient)
    require(by, Permission.SIGN_SCREENING, at=at, site_id=row.site_id)
    asked = {"override": row.id, "by": by.id}
    if earlier := keys.known(key, action="withdraw_override", content=asked):
        return OverrideEvent.objects.get(pk=earlier)
    if row.events.filter(kind=WITHDRAWN).exists():
        raise Refused("screening.nothing_to_sign")
    return _event(row, WITHDRAWN, patient=patient, by=by, at=at, key=key, asked=asked)


def last_review(site: Site, *, at: datetime) -> date:
    """The last day on which a "not yet" that is signed now can be looked at again."""
    return zones.day(at, site.zone) + span("not-yet-most")


def _check_review(on: date | None, site: Site, *, at: datetime) -> None:
    if on is None or on <= zones.day(at, site.zone):
        raise Refused("screening.until_missing", in_field="review_on")
    if on > (latest := last_review(site, at=at)):
        raise Refused("screening.until_too_late", in_field="review_on", typed=on, latest=latest)


@transaction.atomic
def sign(
    patient: Patient,
    *,
    site: Site,
    protocol: str,
    outcome: str,
    review_on: date | None,
    seen: str,
    language: str,
    by: Person,
    at: datetime,
    key: UUID,
    unmet: str = "",
    condition: str = "",
    last: str | None = None,
) -> Snapshot:
    """Sign the decision under one protocol as the page showed it (`seen`): to treat, or not yet and until when.

    A "not yet" names what it waits for: a criterion that is not met (`unmet`), or something in words (`condition`). A
    decision to treat that is a hard case is not final before `second_decision`. `last` is the id of the newest decision
    that the page knew of, "" for none: nobody overtakes a decision unseen (None: no page asks).
    """
    patient = locked_together(patient)
    require(by, Permission.SIGN_SCREENING, at=at, site_id=site.id)
    asked = {"patient": patient.id, "protocol": protocol, "outcome": outcome, "review_on": review_on, "seen": seen}
    asked |= {"unmet": unmet, "condition": condition}
    if earlier := keys.known(key, action="sign", content=asked):
        return Snapshot.objects.get(pk=earlier)
    judged = judge(patient, site, at=at)
    said = sentences(language)
    decision = judged.decision(protocol)
    if decision is None or outcome not in (TREAT, NOT_YET):
        raise Refused("screening.choose")
    if judged.seen != seen:
        raise Conflict("screening.changed_meanwhile")
    newest = newest_decision(patient, site, protocol)
    if last is not None and newest and str(newest.id) != last:
        raise Conflict("screening.signed_meanwhile", name=newest.by.display_name)
    if refused := in_the_way(patient, judged, decision, outcome=outcome, site=site, language=language):
        raise refused
    if outcome == NOT_YET:
        _check_review(review_on, site, at=at)
    waits_for = {f.criterion.name for f in exceptions.screened(decision) if f.answer.verdict is not MET}
    if outcome == NOT_YET and ((unmet and unmet not in waits_for) or not (unmet or condition.strip())):
        raise Refused("screening.unmet_missing")
    if len(condition) > Snapshot._meta.get_field("condition").max_length:
        raise Refused("screening.unmet_missing")
    needs_second = hard.cases(judged, decision, site) if outcome == TREAT else []
    content = snapshots.content(judged, language=said, second=hard.told(site))
    row = Snapshot(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        site=site,
        protocol=protocol,
        version=decision.protocol.version,
        digest=decision.protocol.digest,
        adoption=judged.adopted[protocol],
        knowledge_digest=snapshots.knowledge_digest(),
        status=decision.status,
        outcome=outcome,
        review_on=review_on if outcome == NOT_YET else None,
        unmet=unmet if outcome == NOT_YET else None,
        condition=condition.strip() if outcome == NOT_YET else None,
        seen=seen,
        needs_second=json.dumps(needs_second),
        language=language,
        content=content,
        content_digest=snapshots.digest(content),
        by=by,
    )
    _add(row, "decision_signed", patient=patient, site=site, by=by, at=at)
    duties.decided(row, by=by, at=at)
    duties.put_down(judged.standings, by=by, at=at)
    if needs_second:
        duties.ask_for_second(row, by=by, at=at)
    if outcome == NOT_YET:
        duties.look_again(row, by=by, at=at)
    _remember(key, "sign", asked, row)
    return row


@transaction.atomic
def second_decision(row: Snapshot, *, by: Person, at: datetime, key: UUID) -> SecondSignature:
    """Sign a hard case as the second person, while the record is what the first one saw. Nobody is both."""
    patient = locked_together(row.patient)
    require(by, Permission.SECOND_SIGNATURE, at=at, site_id=row.site_id)
    asked = {"snapshot": row.id, "by": by.id}
    if earlier := keys.known(key, action="second_decision", content=asked):
        return SecondSignature.objects.get(pk=earlier)
    if by.id == row.by_id:
        raise Refused("screening.same_person")
    state = hard.state(Snapshot.objects.select_related("second").get(pk=row.pk), judge(patient, row.site, at=at))
    if state == exceptions.VOID:
        raise Conflict("screening.void_since")
    if state != exceptions.WAITS:
        raise Refused("screening.nothing_to_sign")
    if hard.overtaken(row):
        raise Conflict("screening.overtaken")
    if refused := waits(patient, language=known(by.language)):
        raise refused
    signed = SecondSignature(id=ids.new(), organisation_id=row.organisation_id, created=at, snapshot=row, by=by)
    _add(signed, "decision_signed_second", patient=patient, site=row.site, by=by, at=at)
    duties.seconded(row, by=by, at=at)
    _remember(key, "second_decision", asked, signed)
    return signed


@transaction.atomic
def ask_for_second(
    *, case: str, needed: bool, reason: str, site: Site, by: Person, at: datetime, key: UUID
) -> SecondRule:
    """From now on this kind of hard case needs a second signature at the site. That it needs none is proposed, and holds
    when another person has signed it too (`sign_rule`)."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    asked = {"case": case, "needed": needed, "reason": reason, "site": site.id}
    if earlier := keys.known(key, action="ask_for_second", content=asked):
        return SecondRule.objects.get(pk=earlier)
    if case not in CASES or not reason.strip() or len(reason) > SecondRule._meta.get_field("reason").max_length:
        raise Refused("screening.rule_reason_missing")
    before = hard.proposed(site).get(case)
    if (before.needed if before else hard.rules(site)[case][0]) is needed:
        raise Refused("screening.rule_same")
    row = SecondRule(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        case=case,
        needed=needed,
        reason=reason.strip(),
        by=by,
        replaces=SecondRule.objects.filter(site=site, case=case, replaced_by__isnull=True).first(),
    )
    row.save(force_insert=True)
    trail.wrote(row, action="second_rule_set", who=by.id, at=at, site=site.id)
    if before:
        duties.rule_settled(before, by=by, at=at)
    if not needed:
        duties.ask_for_rule(row, by=by, at=at)
    _remember(key, "ask_for_second", asked, row)
    return row


@transaction.atomic
def sign_rule(row: SecondRule, *, by: Person, at: datetime, key: UUID) -> SecondRuleSigned:
    """The second person agrees that one signature is enough for this kind of hard case. Nobody is both."""
    site = locked(Site, pk=row.site_id)
    require(by, Permission.SECOND_SIGNATURE, at=at, site_id=site.id)
    asked = {"rule": row.id, "by": by.id}
    if earlier := keys.known(key, action="sign_rule", content=asked):
        return SecondRuleSigned.objects.get(pk=earlier)
    if by.id == row.by_id:
        raise Refused("screening.same_person")
    if hard.proposed(site).get(row.case) != row:
        raise Conflict("screening.rule_changed_meanwhile")
    signed = SecondRuleSigned(id=ids.new(), organisation_id=site.organisation_id, created=at, rule=row, by=by)
    signed.save(force_insert=True)
    trail.wrote(signed, action="second_rule_signed", who=by.id, at=at, site=site.id)
    duties.rule_settled(row, by=by, at=at)
    _remember(key, "sign_rule", asked, signed)
    return signed


def newest_decision(patient: Patient, site: Site, protocol: str) -> Snapshot | None:
    """What was signed last about the patient at the site under the protocol."""
    rows = Snapshot.objects.filter(patient=patient, site=site, protocol=protocol)
    return rows.select_related("by").defer("content").order_by("-id").first()


def in_the_way(
    patient: Patient, judged: Judged, decision: Decision, *, outcome: str, site: Site, language: str
) -> Refused | None:
    """Why this decision cannot be signed with that outcome; the page says the same beside the choice."""
    said = sentences(language)
    protocol = decision.protocol.id
    if judged.adopted[protocol] is None and settings.PLACE.profile == "clinic":
        return Refused("screening.not_adopted", protocol=said.word(f"protocol.{protocol}"), site=site.name)
    if outcome == TREAT and (refused := waits(patient, language=language)):
        return refused
    if outcome == TREAT and (trials := judged.resting_on_unconfirmed(decision)):
        return Refused("screening.trials_unconfirmed", names="; ".join(one.text for one in trials))
    if outcome == TREAT and (standing := judged.open(decision)):
        names = "; ".join(said.word(f"criterion.{f.criterion.name}") for f in standing)
        return Refused("screening.stands_in_the_way", names=names)
    return None


def waits(patient: Patient, *, language: str) -> Refused | None:
    """Why nothing can be decided in favour of a treatment now, whatever the rules find."""
    if stopped := reach.standing(patient):
        return Refused("screening.stopped", what=telling.sign(stopped, language))
    return Refused("screening.suicide_open") if suicide.open_for(*together(patient)) else None


def _event(
    row: Override, kind: str, *, patient: Patient, by: Person, at: datetime, key: UUID, asked: dict[str, Any]
) -> OverrideEvent:
    event = OverrideEvent(id=ids.new(), organisation_id=row.organisation_id, created=at, override=row, kind=kind, by=by)
    _add(event, f"override_{kind}", patient=patient, site=row.site, by=by, at=at)
    duties.seconded(row, by=by, at=at)
    _remember(key, "second_signature" if kind == SECOND else "withdraw_override", asked, event)
    return event


def _add(row: Model, action: str, *, patient: Patient, site: Site, by: Person, at: datetime) -> None:
    row.save(force_insert=True)
    trail.wrote(row, action=action, who=by.id, at=at, subject=patient.id, site=site.id)


def _remember(key: UUID, action: str, asked: dict[str, Any], row: Any) -> None:
    keys.remember(key, action=action, content=asked, answer=row.id, organisation_id=row.organisation_id, at=row.created)
