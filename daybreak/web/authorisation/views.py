"""The pages about authorisations: all that wait at a clinic, those of a patient, and one with its steps."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.knowledge.protocols import payer_ids, protocol_ids
from daybreak.knowledge.sentences import language as spoken
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.authorisation import actions, gate, packets, queries, signing
from daybreak.web.authorisation.doses import Implausible
from daybreak.web.authorisation.fields import FIELDS, Field
from daybreak.web.authorisation.models import Authorisation, Event, What
from daybreak.web.authorisation.state import NEW, State
from daybreak.web.links.tokens import address
from daybreak.web.papers.models import Paper
from daybreak.web.patients import identity
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Details
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.people.views import set_language_cookie
from daybreak.web.posted import day, key, typed
from daybreak.web.presence import handover
from daybreak.web.presence.tablet_views import FORGET
from daybreak.web.reach.queries import written_in
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.words import LANGUAGES, known, word

SAID = {
    NEW: "authorisation.new",
    What.CHECKED: "authorisation.checked",
    What.SENT: "authorisation.sent",
    What.MORE_ASKED: "authorisation.more_asked",
    What.ANSWERED: "authorisation.answered",
    What.APPROVED: "authorisation.approved",
    What.USED: "authorisation.used",
    What.DENIED: "authorisation.denied",
    What.PEER_TO_PEER: "authorisation.peer_to_peer",
    What.APPEALED: "authorisation.appealed",
    What.SELF_PAY: "authorisation.self_pay",
    What.PENDING: "authorisation.pending",
    What.CLOSED: "authorisation.closed",
}
ASKS = {What.SELF_PAY: "authorisation.paper_self_pay", What.PENDING: "authorisation.paper_pending"}
PAYS = {
    queries.COVERED: "authorisation.pays_payer",
    What.SELF_PAY: "authorisation.self_pay",
    What.PENDING: "authorisation.pending",
    None: "authorisation.pays_nobody",
}


@needs(Permission.AUTHORISATIONS)
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Every open one at the reader's sites, what is due first, with what ends soon."""
    here = patients.by_site(request.roles)
    sites = [site for site, allowed in here.items() if Permission.AUTHORISATIONS in allowed]
    found = queries.at_sites(sites)
    now = Details.objects.filter(patient__in={row.patient_id for row, _ in found}, replaced_by__isnull=True)
    names = {one.patient_id: identity.of(one).name for one in now}
    trail.read("authorisations", who=request.person.id, at=request.received_at)
    lines = [{**_told(row, now, request), "name": names[row.patient_id]} for row, now in found]
    return render(request, "authorisation/everything.html", {"lines": lines})


@needs(Permission.AUTHORISATIONS)
@require_http_methods(["GET", "POST"])
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Those of one patient, and the form that begins another."""
    patient, _, registrations = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.AUTHORISATIONS
    )
    problem = None
    if request.method == "POST":
        told = {name: typed(request, name) for name in ("payer", "payer_name", "protocol")}
        try:
            row = actions.open_one(patient, **told, by=request.person, at=request.received_at, key=key(request))
            return redirect(f"/patients/{patient.id}/authorisations/{row.id}/")
        except Refused as refused:
            problem = refused
    language, found, today = spoken(known(get_language())), queries.of(patient), zones.today(request.received_at)
    shown = {
        "lines": [_told(row, now, request) for row, now in found],
        "pays": [
            (one.site.name, language.word(f"protocol.{protocol}"), word(PAYS[payer], get_language()))
            for one in registrations
            for protocol in sorted({row.protocol for row, _ in found if row.site_id == one.site_id})
            for payer in (queries.paid_by(found, site_id=one.site_id, protocol=protocol, day=today),)
        ],
        "payers": [(id_, language.word(f"payer.{id_}")) for id_ in payer_ids()],
        "protocols": [(id_, language.word(f"protocol.{id_}")) for id_ in protocol_ids()],
        "told": request.POST,
        "key": request.POST.get("key") or ids.new(),
    }
    return show(request, patient, "authorisation/of_patient.html", problem=problem, **shown)


@needs(Permission.AUTHORISATIONS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, patient_id: UUID, authorisation_id: UUID) -> HttpResponse:
    """One authorisation: how it stands, what may come next, and every step."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.AUTHORISATIONS
    )
    every = queries.of(patient)
    row, now = next((one for one in every if one[0].id == authorisation_id), (None, None))
    if row is None or now is None:
        raise Http404
    problem, did = None, request.POST.get("do", "")
    given: dict[str, Any] = {}
    if request.method == "POST":
        try:
            done = _sign_here(request, row, did) if did.startswith("sign_") else _step(request, row, did)
            if isinstance(done, HttpResponse):
                return done
            if isinstance(done, Event):
                return redirect(f"/patients/{patient.id}/authorisations/{row.id}/")
            given = done
        except Refused as refused:
            problem = refused
    language = get_language()
    papers = queries.papers_of(now.events)
    shown = {
        "one": _told(row, now, request),
        "ask_dose": isinstance(problem, Implausible),
        "took_place": gate.took_place(patient, row, every, at=request.received_at),
        "steps": [_step_told(step, language, papers.get(step.id)) for step in reversed(now.events)],
        "forms": [_form(what, request, did == what) for what in now.next],
        "may_send": Permission.READ_SCREENING in allowed,
        "waits": signing.waiting(row),
        "asks": [(one.value, word(ASKS[one], language)) for one in now.next if one in ASKS],
        "languages": list(LANGUAGES.items()),
        "told": request.POST if did == "sign_ask" and problem else {"language": written_in(patient)},
        "seen": len(now.events),
        "key": ids.new(),
        **given,
    }
    return show(request, patient, "authorisation/one.html", problem=problem, **shown)


def _sign_here(request: HttpRequest, row: Authorisation, did: str) -> HttpResponse | dict[str, Any]:
    """Ask the patient to sign, hand them the tablet, or give them the link: the page to go to, or what this one shows."""
    who: dict[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    here = redirect(f"/patients/{row.patient_id}/authorisations/{row.id}/")
    if did == "sign_ask":
        what = request.POST.get("what", "")
        told = {name: typed(request, name) for name in ("sum", "currency", "language", "representative", "ground")}
        if what not in list(What):
            raise Refused("authorisation.not_now")
        signing.ask(row, What(what), **told, seen=_seen(request), **who)
        return here
    if did == "sign_back":
        named = next((one for one in row.statements.all() if str(one.id) == request.POST.get("statement")), None)
        if named is None:
            raise Conflict("authorisation.changed_meanwhile")
        signing.take_back(named, typed(request, "reason"), **who)
        return here
    waits = signing.waiting(row)
    if waits is None or str(waits.id) != request.POST.get("statement"):
        raise Conflict("authorisation.changed_meanwhile")
    if did == "sign_tablet":
        handed = handover.hand(row.patient, purpose=handover.PAYMENT, about=waits.id, **who)
        request.session["handed"] = str(handed.id)
        response = redirect(handed.front)
        response["Clear-Site-Data"] = FORGET
        set_language_cookie(response, waits.language)
        return response
    if did == "sign_mail":
        if signing.mail(waits, **who) is None:
            raise Refused("forms.not_mailed")
        return {"mailed": True}
    made = signing.link(waits, **who)
    drawn = segno.make(address(made), error="m").svg_inline(
        scale=5, svgclass="code-picture", lineclass=None, omitsize=True
    )
    return {"address": address(made), "picture": drawn, "until": f"{made.expires:%Y-%m-%d}"}


def _seen(request: HttpRequest) -> int:
    seen = request.POST.get("seen", "")
    if not seen.isascii() or not seen.isdecimal() or len(seen) > 6:
        raise Refused("error.bad_request")
    return int(seen)


def _step(request: HttpRequest, row: Authorisation, did: str) -> Event:
    if did not in list(What):
        raise Refused("error.bad_request")
    what = What(did)
    told = {field.name: typed(request, field.name) for field in FIELDS[what]}
    who: dict[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    file = request.FILES.get("scan")
    who |= {"day": day(request, "day"), "seen": _seen(request), "scan": file.read() if file else b""}
    right = typed(request, "right_dose")
    return actions.add(row, what, told, dose_is_right=bool(right) and right == told.get("dose"), **who)


def _told(row: Authorisation, now: State, request: HttpRequest) -> dict[str, Any]:
    language = get_language()
    today = zones.today(request.received_at)
    lapse = now.lapses(today)
    told: dict[str, Any] = {
        "row": row,
        "payer": packets.title(row, known(language)),
        "treatment": spoken(known(language)).word(f"protocol.{row.protocol}"),
        "phase": word(SAID[now.phase], language),
        "due": now.due,
        "late": now.due is not None and now.due < today,
        "lapse": "",
        "soon": lapse is not None and lapse[1],
        "signed": now.signed and word(SAID[now.signed.what], language),
        "used": "",
    }
    if lapse is not None:
        ended = lapse[0] < 0
        told["lapse"] = word("authorisation.lapsed" if ended else "authorisation.lapses", language, days=abs(lapse[0]))
    if (last := now.approval) is not None:
        unit = word(_choice(What.APPROVED, "unit", last.told["unit"]), language)
        told["used"] = word("authorisation.used_of", language, n=last.used, of=last.told["amount"], unit=unit)
    return told


def _choice(what: What, name: str, value: str) -> str:
    field = next(one for one in FIELDS[what] if one.name == name)
    return (field.options or {})[value]


def _step_told(step: Event, language: str, paper: Paper | None) -> dict[str, Any]:
    what, told = What(step.what), json.loads(step.told)
    values = [
        (word(_label(field, step), language), _value(field, told[field.name], language))
        for field in FIELDS[what]
        if field.name in told
    ]
    if name := told.get("representative"):
        values.append((word("consent.representative", language), name))
        values.append((word("consent.ground", language), told["ground"]))
    return {
        "title": word(SAID[what], language),
        "day": step.day,
        "by": step.by.display_name if step.by else word("authorisation.by_patient", language),
        "values": values,
        "paper": paper,
    }


def _label(field: Field, step: Event) -> str:
    """What the patient signed here was signed on no paper."""
    return "consent.paper_signed" if step.by is None and field.name == "signed_by" else field.label


def _value(field: Field, value: str, language: str) -> str:
    label = (field.options or {}).get(value)
    if label is None:
        return value
    return word(label, language) if label else LANGUAGES[value]


def _form(what: What, request: HttpRequest, again: bool) -> dict[str, Any]:
    """The form of one step; what could not be taken stands in it again."""
    language = get_language()
    fields = [
        {
            "name": field.name,
            "label": word(field.label, language),
            "kind": field.kind,
            "required": field.required,
            "value": typed(request, field.name) if again else "",
            "options": [(value, _value(field, value, language)) for value in field.options or ()],
        }
        for field in FIELDS[what]
    ]
    today = zones.today(request.received_at)
    day_ = typed(request, "day") if again else today.isoformat()
    return {
        "what": what.value,
        "title": word(SAID[what], language),
        "fields": fields,
        "day": day_,
        "open": again,
        "signed": what in (What.SELF_PAY, What.PENDING),
    }
