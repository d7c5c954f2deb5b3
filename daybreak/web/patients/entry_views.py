"""The pages on which an entry is added, read with its history, corrected, confirmed and withdrawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.clinical.records import Observation
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.crisis.card import about_suicide
from daybreak.web.labels.reading import hidden
from daybreak.web.patients import actions, forms, queries, records, telling, weights
from daybreak.web.patients.fields import FIELDS, FORMS, Field
from daybreak.web.patients.identity import Wrong
from daybreak.web.patients.kinds import LABELLED, Record
from daybreak.web.patients.models import PERSON, Entry, Patient
from daybreak.web.patients.register import Stale, may_at
from daybreak.web.patients.views import back, show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed
from daybreak.web.refusals import Refused
from daybreak.web.tasks import suicide
from daybreak.web.words import known, word

LABELS = {
    "ordinary": "labels.ordinary",
    "substance_use": "labels.substance_use",
    "psychotherapy": "labels.psychotherapy",
    "reproductive": "labels.reproductive",
}
TITLES = {form: telling.KINDS[kind] for form, kind in FORMS.items()} | {"weight": "kind.weight"}


@needs(Permission.WRITE_PATIENTS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, patient_id: UUID, form: str) -> HttpResponse:
    """One new entry of the kind that the form is for."""
    patient = _patient(request, patient_id)
    if form not in FIELDS:
        raise Http404
    language = get_language()
    shown: dict[str, Any] = {
        "title": word("patients.add_one", language, kind=word(TITLES[form], language)),
        "key": ids.new(),
        "crisis": form == "observation",  # which one, is chosen on the page
        "crisis_site": _crisis_site(request, patient, form),
        "last_weight": weights.last(records.current(patient)) if form == "weight" else None,
        "labels": [(one, word(label, language)) for one, label in LABELS.items()] if _may_bear_one(form) else [],
        "label": request.POST.get("label", ""),
    }
    if request.method == "GET":
        return show(request, patient, "patients/entry_form.html", fields=_fields(form, {}), **shown)
    values = _values(request, form)
    shown |= {"key": key(request), "fields": _fields(form, values)}
    try:
        record = forms.made(form, values, today=zones.today(request.received_at))
        row = actions.add(
            patient,
            record,
            by=request.person,
            at=request.received_at,
            key=shown["key"],
            weight_is_right=request.POST.get("right") == "yes",
            label=shown["label"],
        )
    except weights.Implausible as asked:
        return show(request, patient, "patients/entry_form.html", problem=asked, ask_right=True, **shown)
    except (Refused, Wrong) as wrong:
        return show(request, patient, "patients/entry_form.html", problem=wrong, **shown)
    task = suicide.about(row.patient_id, [record], at=request.received_at)
    return redirect(f"/tasks/{task.id}/" if task else back(request, patient))


@needs(Permission.READ_PATIENTS)
@require_safe
def entry(request: HttpRequest, patient_id: UUID, entry_id: UUID) -> HttpResponse:
    """Every version of one entry, the newest first."""
    patient, allowed, _ = queries.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_PATIENTS
    )
    versions = _versions(patient, entry_id)
    language = get_language()
    closed = hidden(patient, by=request.person, allowed=allowed)
    told = [telling.told(one, language, hidden=closed) for one in versions]
    title = word("patients.history_one", language, kind=told[0].kind or "…")
    crisis = versions[0].id not in closed and _about_suicide(records.record(versions[0]))
    return show(request, patient, "patients/entry.html", title=title, versions=told, crisis=crisis)


@needs(Permission.WRITE_PATIENTS)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, patient_id: UUID, entry_id: UUID) -> HttpResponse:
    """Correct, confirm or withdraw one entry. A form that was overtaken comes back filled, beside what stands there now."""
    patient, allowed, _ = queries.opened(
        request.person, patient_id, request.received_at, permission=Permission.WRITE_PATIENTS
    )
    closed = hidden(patient, by=request.person, allowed=allowed)
    row = _versions(patient, entry_id, whole=False)[0]
    if row.id in closed:
        raise Http404
    record = records.record(row)
    form = forms.form_of(record)
    if form is None:
        raise Http404
    language = get_language()
    to_confirm = row.origin != PERSON
    shown: dict[str, Any] = {
        "title": word(
            "patients.confirm_one" if to_confirm else "patients.correct_one",
            language,
            kind=word(TITLES[form], language),
        ),
        "entry": row.id,
        "crisis": _about_suicide(record),
        "crisis_site": _crisis_site(request, patient, form),
        "told": telling.told(row, language),
        "to_confirm": to_confirm,
        "key": ids.new(),
        "withdraw_key": ids.new(),
        "may_withdraw": True,
    }
    if request.method == "GET":
        shown["fields"] = _fields(form, forms.shown(record, form))
        return show(request, patient, "patients/entry_form.html", **shown)
    withdrawing = request.POST.get("do") == "withdraw"
    values = forms.shown(record, form) if withdrawing else _values(request, form)
    shown |= {"fields": _fields(form, values), "reason": typed(request, "reason")}
    shown["withdraw_key" if withdrawing else "key"] = key(request)
    told = {"by": request.person, "at": request.received_at, "key": key(request)}
    task = None
    try:
        if withdrawing:
            actions.withdraw(row, reason=shown["reason"], **told)
        else:
            today = zones.today(request.received_at)
            after = actions.correct(
                row,
                lambda base: forms.made(form, values, today=today, base=base),
                action="confirmed" if to_confirm else "corrected",
                weight_is_right=request.POST.get("right") == "yes",
                **told,
            )
            said = [now] if (now := records.record(after)) != record else []  # who confirms has not heard it anew
            task = suicide.about(after.patient_id, said, at=request.received_at)
    except Stale as stale:
        newest = _versions(patient, stale.now.id, whole=False)[0]
        shown |= {
            "entry": newest.id,
            "now": telling.told(newest, language, hidden=hidden(patient, by=request.person, allowed=allowed)),
            "key": ids.new(),
            "withdraw_key": ids.new(),
        }
        return show(request, patient, "patients/entry_form.html", problem=stale, **shown)
    except weights.Implausible as asked:
        return show(request, patient, "patients/entry_form.html", problem=asked, ask_right=True, **shown)
    except (Refused, Wrong) as wrong:
        return show(request, patient, "patients/entry_form.html", problem=wrong, **shown)
    return redirect(f"/tasks/{task.id}/" if task else back(request, patient))


def _about_suicide(record: Record) -> bool:
    return isinstance(record, Observation) and about_suicide(record.kind)


def _crisis_site(request: HttpRequest, patient: Patient, form: str) -> UUID | None:
    """Where an answer about suicide would be read; None for a form that asks for none."""
    if form != "observation":
        return None
    return may_at(patient, Permission.WRITE_PATIENTS, by=request.person, at=request.received_at)


def _patient(request: HttpRequest, id: UUID, *, permission: Permission = Permission.WRITE_PATIENTS) -> Patient:
    return queries.patient_or_404(request.person, id, request.received_at, permission=permission)


def _versions(patient: Patient, entry_id: UUID, *, whole: bool = True) -> list[Entry]:
    """The entry, and with `whole` every version before and after it, the newest first. 404 when it is another patient's."""
    rows = {row.id: row for row in queries.entries(patient).filter(**({} if whole else {"pk": entry_id}))}
    if entry_id not in rows:
        raise Http404
    if not whole:
        return [rows[entry_id]]
    after = {row.replaces_id: row for row in rows.values()}
    first = rows[entry_id]
    while first.id in after:
        first = after[first.id]
    chain = [first]
    while chain[-1].replaces_id:
        chain.append(rows[chain[-1].replaces_id])
    return chain


def _may_bear_one(form: str) -> bool:
    return FORMS.get(form) in LABELLED


def _values(request: HttpRequest, form: str) -> dict[str, str]:
    return {field.name: typed(request, field.name) for field in FIELDS[form]}


def _fields(form: str, values: dict[str, str]) -> list[dict[str, Any]]:
    """The fields as the template needs them, in the reader's language."""
    language = get_language()
    return [_field(field, values.get(field.name, ""), language) for field in FIELDS[form]]


def _field(field: Field, value: str, language: str) -> dict[str, Any]:
    options: list[tuple[str, str]] = []
    if field.choices:
        options = [(one, word(label, language)) for one, label in field.choices.items()]
    elif field.pick:
        options = list(forms.titles(field.pick, known(language)).items())
    if options:
        options = [("", ""), *options]
        if field.unknowable:
            options.append((forms.UNKNOWABLE, word("choice.unknowable", language)))
        if value and value not in dict(options):
            options.append((value, forms.in_words(field, value, language)))
    hint = {"day": "patients.day_hint"}.get(field.type, "patients.unknown_hint")
    return {
        "name": field.name,
        "label": word(field.label, language),
        "value": value,
        "options": options,
        "required": field.required,
        "hint": word(hint, language) if field.unknowable and not options and not field.required else "",
    }
