"""What do the pages about one patient's screening have in common?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from daybreak.clinical.screening.judge import Finding
from daybreak.knowledge.sentences import Language, language
from daybreak.web import ids
from daybreak.web.labels.reading import hidden
from daybreak.web.patients import identity, reading
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Details, Patient
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.screening import exceptions
from daybreak.web.screening.board import facts
from daybreak.web.screening.judging import Judged
from daybreak.web.screening.models import DOSE
from daybreak.web.words import known, word

CODES = {
    "benefit_outweighs": "screening.benefit_outweighs",
    "passing_cause": "screening.passing_cause",
    "known_otherwise": "screening.known_otherwise",
    "specialist_advice": "screening.specialist_advice",
    "other": "screening.other",
}
CASES = {
    "exception": "screening.case_exception",
    "contradiction": "screening.case_contradiction",
    "with_review": "screening.case_with_review",
}
WHY = {
    "protocol": "screening.protocol_changed",
    "verdict": "screening.verdict_changed",
    "evidence": "screening.evidence_changed",
    "ended": "screening.exception_ended",
}
SHAPE = {"met": "met", "not_met": "not-met", "unknown": "unknown"}


def place(
    request: HttpRequest, patient_id: UUID, permission: Permission
) -> tuple[Patient, Site, frozenset[Permission]]:
    """The patient, the site at which they are seen (the one that was asked for, or the first that both share), and what
    the reader may do there."""
    theirs, mine = patients.here(request.person, patient_id, at=request.received_at)
    shared = [row.site for row in theirs if permission in mine[row.site_id]]
    asked = request.POST.get("site") or request.GET.get("site")
    found = next((site for site in shared if not asked or str(site.id) == asked), None)
    if found is None:
        raise Http404
    return theirs[0].patient, found, mine[found.id]


def about(patient: Patient, site: Site, judged: Judged, said: Language) -> dict[str, Any]:
    """Who it is, where, and the key of the form."""
    return {
        "patient": patient,
        "site": site,
        "name": name_of(judged.details),
        "facts": facts(judged, said),
        "key": ids.new(),
    }


def name_of(details: Details) -> str:
    """As the record's own page has it: whoever compares two pages compares the same words."""
    return identity.of(details).name


def shape(criterion: str, verdict: str) -> str:
    """How a verdict is drawn. That nothing about suicide calls for somebody is drawn as asked: it is never good news."""
    return "asked" if verdict == "met" and criterion.startswith("suicid") else SHAPE[verdict]


def shown_finding(finding: Finding, said: Language, judged: Judged) -> dict[str, Any]:
    """What a signer has to see of a finding: each record with its date, who told it, and the entry that holds it."""
    return {
        "sentence": said.say(finding.answer.reason),
        "verdict": shape(finding.criterion.name, finding.answer.verdict.value),
        "evidence": [
            {**e._asdict(), "origin": judged.origins.get(e.resource, ""), "entry": judged.entries.get(e.resource)}
            for e in finding.answer.evidence
        ],
        "override": said.word(f"override.{finding.criterion.override}"),
    }


def shown_standing(one: exceptions.Standing, said: Language) -> dict[str, Any]:
    """An exception as it stands, in words."""
    lang, row = get_language(), one.row
    scope = word("screening.scope_dose" if row.scope == DOSE else "screening.scope_course", lang)
    return {
        "row": row,
        "state": one.state,
        "title": said.word(f"criterion.{row.criterion}"),
        "protocol": said.word(f"protocol.{row.protocol}"),
        "code": word(CODES[row.code], lang),
        "scope": scope,
        "why": [word(WHY[part], lang) for part in one.why],
        "second": one.second,
    }


def shown_cases(found: list[str]) -> list[str]:
    """Why a second person signs, in words."""
    return [word(CASES[case], get_language()) for case in found]


def closed_to(request: HttpRequest, patient: Patient, allowed: frozenset[Permission]) -> frozenset[str]:
    """What the record calls the entries that the reader may not read."""
    return frozenset(hidden(patient, by=request.person, allowed=allowed).values())


def readable(finding: dict[str, Any], closed: Collection[str]) -> dict[str, Any]:
    """A finding as it was signed; one that rests on what the reader may not read keeps its verdict alone."""
    if not any(one["resource"] in closed for one in finding["evidence"]):
        return finding
    return finding | {"reason": word("labels.reason_hidden", get_language()), "evidence": []}


def read(request: HttpRequest, patient: Patient, site: Site) -> None:
    """The audit line of the page."""
    reading.read("screening", patient, who=request.person.id, at=request.received_at, site=site.id)


def spoken() -> Language:
    """The knowledge's words in the language of the page."""
    return language(known(get_language()))


def address(patient: Patient) -> str:
    """Where the board is."""
    return f"/patients/{patient.id}/screening/"
