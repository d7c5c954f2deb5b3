"""Is a file about this patient? What it says about who somebody is, beside what is known here."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Chart, When
from daybreak.exchange.fhir.apart import Identified, OnePerson, people_in
from daybreak.web.patients import identity as identities
from daybreak.web.patients import names, queries, records
from daybreak.web.patients.identity import Identity
from daybreak.web.patients.models import Details, Identifier, Patient


def named_in(content: bytes) -> Identified:
    """Whom the file names; nobody when it cannot be read."""
    return next((one.who for one in people_in(content, place="file") if isinstance(one, OnePerson)), Identified(""))


def identity(who: Identified) -> Identity:
    """The same as somebody would have typed it."""
    return Identity(who.family_name, who.given_names, who.birth, who.sex, who.language)


def known_names(who: Identified, *, source: str) -> list[tuple[str, str]]:
    """Every name by which it may be known again; the first is the id that the source itself uses."""
    own = (f"source:{source}", who.ref)
    return [(system[:300], value[:200]) for system, value in dict.fromkeys([own, *who.identifiers]) if value and system]


def fits(who: Identified, patient: Patient) -> bool:
    """A name that the patient has or had, and no other birth date: an id may have been given twice."""
    versions = _versions(patient)
    wanted = names.pieces(identity(who).name)
    named = not wanted or any(len(wanted & names.pieces(one.name)) >= names.SHARE * len(wanted) for one in versions)
    births = {one.birth for one in versions if one.birth}
    same = any(who.birth.startswith(one) or one.startswith(who.birth) for one in births)
    return named and (not who.birth or not births or same)


def unlike(patient: Patient, who: Identified, chart: Chart, *, source: str) -> Iterator[tuple[str, str, str]]:
    """Field, ours and theirs, where the file may be about somebody else. A person has to say that it is not.

    A name counts by its whole words: people who look alike differ in a letter. It is not asked about where an identifier
    of the file is already this patient's; one that is another patient's is always.
    """
    details = queries.details(patient)
    theirs, ours = chart.patient, records.chart_of(details, ()).patient
    holders = _holders(known_names(who, source=source))
    if patient.pk not in holders:
        name = identity(who).name
        nobody = not name and not isinstance(theirs.birth, When)
        if nobody or (name and not any(_same_words(name, one.name) for one in _versions(patient))):
            yield "name", identities.of(details).name, name
    for number in dict.fromkeys(value for holder, value in holders.items() if holder != patient.pk):
        yield "elsewhere", "", number
    if isinstance(theirs.birth, When) and isinstance(ours.birth, When):
        apart = theirs.birth.latest < ours.birth.earliest or ours.birth.latest < theirs.birth.earliest
        if apart:
            yield "birth", str(ours.birth), str(theirs.birth)
    if theirs.sex and ours.sex and theirs.sex is not UNREADABLE and theirs.sex != ours.sex:
        yield "sex", ours.sex, theirs.sex


def _versions(patient: Patient) -> list[Identity]:
    return [identities.of(one) for one in Details.objects.filter(patient=patient)]


def _same_words(theirs: str, ours: str) -> bool:
    one, other = (names.words(f"{name} {names.spoken(name)}") for name in (theirs, ours))
    return one <= other or other <= one


def _holders(said: Collection[tuple[str, str]]) -> dict[UUID, str]:
    """Who has one of these identifiers, and which."""
    rows = Identifier.objects.filter(value__in=[value for _, value in said])
    return {one.patient_id: one.value for one in rows if (one.system, one.value) in said}
