"""The pages on which a patient is found, registered and read. (`entry_views` and `import_views` write the record)"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.clinical.records import DOMAINS
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.labels.reading import hidden
from daybreak.web.patients import (
    here_too,
    kinds,
    queries,
    reading,
    records,
    register,
    rooms,
    team,
    telling,
    timeline,
    weights,
)
from daybreak.web.patients import identity as identities
from daybreak.web.patients.identity import Identity, Wrong
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import PERSON, Details, Entry, Patient
from daybreak.web.patients.search import SHOWN, search
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import is_id, key, typed
from daybreak.web.reach import queries as reach
from daybreak.web.reach import telling as standing
from daybreak.web.refusals import Refused
from daybreak.web.transfer import moves
from daybreak.web.words import word

SEX = {"female": "patients.female", "male": "patients.male", "other": "patients.other"}
MOVED = 4  # lines about the record as a whole on the patient's page
HISTORIES = (Kind.EPISODE, Kind.EXPOSURE, Kind.CONDITION, Kind.THERAPY, Kind.KETAMINE, Kind.ALLERGY, Kind.OBSERVATION)


@needs(Permission.FIND_PATIENTS)
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Search by POST: what was looked for stands in no address, no history and no log."""
    here = queries.by_site(request.roles)
    may = {
        "may_register": any(Permission.REGISTER_PATIENTS in allowed for allowed in here.values()),
        "may_break_glass": any(Permission.BREAK_GLASS in allowed for allowed in here.values()),
        "may_write": any(Permission.WRITE_PATIENTS in allowed for allowed in here.values()),
    }
    if request.method == "GET":
        return render(request, "patients/find.html", may)
    asked = {name: typed(request, name)[:200] for name in ("name", "birth", "number")}
    places = [site for site, allowed in here.items() if Permission.FIND_PATIENTS in allowed]
    found = search(places, **asked)
    shown_patients = [one.details.patient_id for one in found[:SHOWN]]
    trail.read_each("patient_search", shown_patients, who=request.person.id, at=request.received_at)
    if not found:
        trail.read("patient_search", who=request.person.id, at=request.received_at)
    shown = {
        **asked,
        "found": found[:SHOWN],
        "more": len(found) > SHOWN,
        "searched": True,
        **may,
    }
    return render(request, "patients/find.html", shown)


@needs(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register somebody; a look-alike is shown and has to be told apart first."""
    at = request.received_at
    mine = queries.page_sites(request.person, Permission.REGISTER_PATIENTS, at=at)
    places = Site.objects.filter(pk__in=mine, closed__isnull=True)
    shown: dict[str, Any] = {"sites": list(places.order_by("name")), "sexes": sexes(), "key": ids.new()}
    if request.method == "GET":
        return render(request, "patients/new.html", shown)
    identity, number = identity_typed(request), typed(request, "number")
    site = next((one for one in shown["sites"] if str(one.id) == request.POST.get("site")), shown["sites"][0])
    shown |= {"typed": identity, "number": number, "site": site, "key": key(request)}
    told = {"number": number, "site": site, "by": request.person, "at": at, "key": shown["key"]}
    do = request.POST.get("do", "")
    try:
        with here_too.counted(request.person, at=at):
            if do == "ask":
                step_up.confirm(request)
                asked = here_too.ask(identity, reason=typed(request, "reason"), **told)
                return redirect(f"/patients/here-too/{asked.id}/")
            seen = {UUID(one) for one in request.POST.getlist("not") if is_id(one)}
            patient = register.register(identity, not_these=seen, not_elsewhere=do == "else", **told)
    except register.LookAlike as alike:
        shown |= {"alike": alike.found, "elsewhere": bool(alike.elsewhere), "step_up": step_up.needed(request)}
        return _again(request, "patients/new.html", alike, **shown)
    except (Refused, Wrong) as wrong:
        shown |= {"elsewhere": do == "ask", "step_up": step_up.needed(request), "reason": typed(request, "reason")}
        return _again(request, "patients/new.html", wrong, **shown)
    return redirect(f"/patients/{patient.id}/")


@needs(Permission.FIND_PATIENTS)
@require_safe
def page(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The patient: who, what has to be confirmed, what was reviewed, the histories, and everything in order."""
    patient, allowed, registrations = queries.opened(
        request.person, patient_id, request.received_at, permission=Permission.FIND_PATIENTS
    )
    language = get_language()
    shown: dict[str, Any] = {
        "registrations": registrations,
        "may_write": Permission.WRITE_PATIENTS in allowed,
        "may_register": Permission.REGISTER_PATIENTS in allowed,
        "may_read": Permission.READ_PATIENTS in allowed,
        "may_see_board": Permission.READ_SCREENING in allowed,
        "may_read_medicines": Permission.READ_MEDICINES in allowed,
        "rooms": rooms.open_to(allowed),
        "team": team.team(patient, allowed, request.roles, language),
    }
    if Permission.READ_MEDICINES in allowed:
        closed = hidden(patient, by=request.person, allowed=allowed)
        moved = _moves(patient, allowed, language)
        shown |= _record(patient, _kinds(allowed), language, closed, moved)
        shown["moved"] = moved[:MOVED]
        shown["read_as_one"] = len(queries.together(patient)) > 1
    return show(request, patient, "patients/page.html", **shown)


@needs(Permission.READ_MEDICINES)
@require_safe
def every_entry(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The timeline, a page at a time: of everything, or of one kind."""
    patient, allowed, _ = queries.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_MEDICINES
    )
    may_see = _kinds(allowed)
    kind, before = request.GET.get("kind", ""), request.GET.get("before", "")
    if kind and kind not in may_see:
        raise Http404
    begins = None
    if before:
        begins = is_id(before) and queries.entries(patient).filter(pk=before, kind__in=may_see).first()
        if not begins:
            raise Http404
    found = timeline.page(patient, kinds=[Kind(kind)] if kind else may_see, before=begins or None)
    language = get_language()
    closed = hidden(patient, by=request.person, allowed=allowed)
    odd = weights.odd(patient, found.rows, language, hidden=closed)
    told = {row.id: telling.told(row, language, hidden=closed, odd=odd) for row in found.rows}
    shown = {
        "title": word(telling.KINDS[Kind(kind)] if kind else "patients.timeline", language),
        "kind": kind,
        "begins": begins,
        **_timeline(patient, found, told, [] if kind else _moves(patient, allowed, language), begins),
    }
    return show(request, patient, "patients/timeline.html", **shown)


def _kinds(allowed: frozenset[Permission]) -> frozenset[Kind]:
    """What the reader may see of a record."""
    return timeline.EVERY if Permission.READ_PATIENTS in allowed else kinds.MEDICINES


def _moves(patient: Patient, allowed: frozenset[Permission], language: str) -> list[moves.Move]:
    """When the record left and arrived elsewhere, for whoever reads all of it."""
    return moves.moves(patient, language) if Permission.READ_PATIENTS in allowed else []


def _record(
    patient: Patient, may_see: frozenset[Kind], language: str, closed: Container[UUID], moved: Iterable[moves.Move]
) -> dict[str, Any]:
    counting, left_out, first = timeline.front(patient, kinds=may_see)
    every = {row.id: row for row in (*(row for row in counting if row.kind in HISTORIES), *first.rows)}
    odd = weights.odd(patient, every.values(), language, hidden=closed)
    told = {id: telling.told(row, language, hidden=closed, odd=odd) for id, row in every.items()}
    histories = []
    for kind in HISTORIES:
        entries = [told[row.id] for row in counting if row.kind == kind]
        more = left_out and kind == Kind.OBSERVATION
        title = word(telling.KINDS[kind], language)
        histories.append({"title": title, "form": kind.value, "entries": entries, "more": more})
    shown = _timeline(patient, first, told, moved)
    shown["from_other"] |= _of_others(patient, counting)
    return shown | {
        "to_confirm": [told[row.id] for row in reversed(counting) if records.unconfirmed_medicine(row)],
        "reviews": _reviews(counting, language),
        "histories": histories,
    }


def _timeline(
    patient: Patient,
    page: timeline.Page,
    told: Mapping[UUID, telling.Told],
    moved: Iterable[moves.Move],
    begins: Entry | None = None,
) -> dict[str, Any]:
    """The entries of one page; what happened to the record as a whole stands before those of the same day."""
    last = page.rows[-1].happened if page.before else None
    here = (
        [] if begins and begins.happened is None else moves.between(moved, above=begins and begins.happened, below=last)
    )
    entries: list[dict[str, Any]] = []
    for row in page.rows:
        while here and (row.happened is None or here[0].day >= row.happened):
            entries.append({"move": here.pop(0)})
        entries.append({"told": told[row.id], "replaced": row.id in page.replaced})
    entries += [{"move": one} for one in here]
    return {"timeline": entries, "before": page.before, "from_other": _of_others(patient, page.rows)}


def _of_others(patient: Patient, rows: Iterable[Entry]) -> set[str]:
    """The entries that stand in a record which is read as one with this one."""
    return {str(row.id) for row in rows if row.patient_id != patient.id}


def _reviews(counting: Iterable[Entry], language: str) -> list[dict[str, Any]]:
    """Each domain with its latest review, or that there is none."""
    latest: dict[str, Any] = {}
    for row in counting:
        if row.kind == Kind.COVERAGE:
            record = records.record(row)
            if record.domain not in latest or record.reviewed_on >= latest[record.domain][0].reviewed_on:
                latest[record.domain] = record, row
    found = []
    for domain in DOMAINS:
        record, row = latest.get(domain, (None, None))
        title = word(telling.DOMAINS[domain], language)
        sentence = (
            telling.headline(record, language) if record else word("patients.not_reviewed", language, domain=title)
        )
        origin = telling.origin(row, language) if row and row.origin != PERSON else ""
        found.append(
            {"domain": domain, "title": title, "sentence": sentence, "done": record is not None, "origin": origin}
        )
    return found


@needs(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Correct who the patient is; the earlier version stays."""
    patient = queries.patient_or_404(
        request.person, patient_id, request.received_at, permission=Permission.REGISTER_PATIENTS
    )
    now = queries.details(patient)
    shown: dict[str, Any] = {"sexes": sexes(), "key": ids.new(), "seen": now.id, "typed": identities.of(now)}
    if request.method == "GET":
        return show(request, patient, "patients/details.html", **shown)
    shown |= {"typed": identity_typed(request), "key": key(request), "seen": request.POST.get("seen")}
    if not is_id(shown["seen"]):
        raise BadRequest("the form has no version")
    try:
        register.correct_details(
            patient,
            shown["typed"],
            seen=UUID(shown["seen"]),
            by=request.person,
            at=request.received_at,
            key=shown["key"],
        )
    except register.Stale as stale:
        shown |= {"seen": stale.now.id, "key": ids.new(), "now": details_rows(stale.now)}
        return show(request, patient, "patients/details.html", problem=stale, **shown)
    except (Refused, Wrong) as wrong:
        return show(request, patient, "patients/details.html", problem=wrong, **shown)
    return redirect(back(request, patient))


def details_rows(now: Details) -> list[tuple[str, str]]:
    """Each field of who somebody is, its label and what it holds."""
    labels = {
        "family_name": "patients.family_name",
        "given_names": "patients.given_names",
        "birth": "patients.birth",
        "sex": "patients.sex",
        "language": "patients.language",
        "access_needs": "patients.access_needs",
    }
    told = {name: getattr(now, name) for name in labels}
    told["sex"] = word(SEX[now.sex], get_language()) if now.sex in SEX else now.sex
    return [(word(label, get_language()), told[name]) for name, label in labels.items()]


# --- what the views of this app share


def show(
    request: HttpRequest,
    patient: Patient,
    template: str,
    *,
    problem: Refused | Wrong | None = None,
    about: Details | None = None,
    **shown: Any,
) -> HttpResponse:
    """A page about the patient: with who it is (`about`, when the page read it anyway), and its line in the audit trail."""
    about = about or queries.details(patient)
    reading.read("patient", patient, who=request.person.id, at=request.received_at)
    shown["patient"] = patient
    shown["board"] = came_from(request)
    shown["who"] = {
        "id": patient.id,
        "name": identities.of(about).name,
        "birth": about.birth,
        "age": telling.age(about.birth, zones.today(request.received_at)),
        "sex": word(SEX[about.sex], get_language()) if about.sex else "",
        "language": about.language,
        "access_needs": about.access_needs,
        "said_access": getattr(about, "said_access", None),
        "said_on": getattr(about, "said_on", None),
        "stopped": _stopped(patient),
    }
    if problem is None:
        return render(request, template, shown)
    return render(request, template, shown | {"problems": sentences(problem)}, status=problem.status)


def came_from(request: HttpRequest) -> str:
    """The site whose board led to this page; empty when none did."""
    asked = request.POST.get("board") or request.GET.get("board", "")
    return asked if is_id(asked) else ""


def back(request: HttpRequest, patient: Patient) -> str:
    """Where a form of the record leads when it is done: to what its board misses, if one led here, else to the record."""
    board = came_from(request)
    return f"/patients/{patient.id}/" + (f"screening/?site={board}#group-unknown" if board else "")


def _stopped(patient: Patient) -> str:
    """The sentence that nothing goes to the patient; empty when everything does."""
    now = reach.standing(patient)
    return standing.sign(now, get_language()) if now else ""


def sentences(problem: Exception) -> list[str]:
    """What was refused, in the reader's language."""
    return [one.sentence(get_language()) for one in getattr(problem, "problems", [problem])]


def identity_typed(request: HttpRequest) -> Identity:
    """Who somebody is, as the form says it."""
    return Identity(**{name: typed(request, name) for name in identities.LONGEST})


def sexes() -> list[tuple[str, str]]:
    """The choices, in the reader's language."""
    return [(value, word(label, get_language())) for value, label in SEX.items()]


def _again(request: HttpRequest, template: str, problem: Refused | Wrong, **shown: Any) -> HttpResponse:
    return render(request, template, {**shown, "problems": sentences(problem)}, status=problem.status)
