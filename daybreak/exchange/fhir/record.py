"""What does one element of one record say, and where is it noted when it cannot be read?

`None` is "not recorded", `UNREADABLE` "recorded, but cannot be known"; what is malformed is a problem of the chart too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from daybreak.clinical.answers import UNREADABLE, Reason, Term, Unreadable
from daybreak.clinical.records import Code, Problem, When
from daybreak.exchange.fhir.dates import read_date
from daybreak.exchange.fhir.entries import Entry, shown
from daybreak.exchange.fhir.references import reference_of
from daybreak.knowledge.terms import Terms

Find = Callable[[str, Entry, str], Entry | None]


class Dated(NamedTuple):
    """A moment or a period as recorded; for a moment `end` is None."""

    start: When | Unreadable | None = None
    end: When | Unreadable | None = None
    instant: datetime | None = None

    @property
    def span(self) -> When | Unreadable | None:
        """All the days that it may mean."""
        if not isinstance(self.start, When) or self.end is None:
            return self.start
        if not isinstance(self.end, When) or self.end.latest < self.start.earliest:
            return UNREADABLE
        return When(self.start.earliest, self.end.latest)


def one_of(words: Iterable[str]) -> Reason:
    """What is expected where only these words are known."""
    return Reason("fhir.one-of", {"words": tuple(words)})


@dataclass(frozen=True, slots=True)
class Record:
    """One resource being read. `find` resolves references, `problems` are those of its chart."""

    entry: Entry
    terms: Terms
    find: Find
    problems: list[Problem]

    @property
    def resource(self) -> Mapping[str, Any]:
        return self.entry.resource

    @property
    def ref(self) -> str:
        return self.entry.ref

    @property
    def modified(self) -> bool:
        """Does it carry something that may turn its meaning round? Then nothing in it is certain."""
        return bool(self.resource.get("modifierExtension") or self.resource.get("implicitRules"))

    def trouble(self, id: str, **values: Any) -> Unreadable:
        """Note what could not be read: the id of its sentence, with the values that it names."""
        self.problems.append(Problem(self.entry.place, Reason(id, values)))
        return UNREADABLE

    def wrong(self, field: str | Reason, value: Any, expected: Term | Reason) -> Unreadable:
        """Note a value that does not fit. `field` is a name of FHIR, or a reason that says what it is."""
        what = Reason("fhir.field", {"name": field}) if isinstance(field, str) else field
        return self.trouble("fhir.wrong", what=what, given=shown(value), expected=expected)

    # --- words and codes

    def word(self, field: str, allowed: Collection[str]) -> str | Unreadable | None:
        """A plain code such as `status`."""
        value = self.resource.get(field)
        if value is None or (isinstance(value, str) and value in allowed):
            return value
        return self.wrong(field, value, one_of(sorted(allowed)))

    def coded_word(self, field: str, allowed: Collection[str]) -> str | Unreadable | None:
        """A CodeableConcept that holds one of a few known words, such as `clinicalStatus`."""
        value = self.resource.get(field)
        if value is None:
            return None
        codes, text = self.concept(field, value)
        words = {c.code.strip().lower() for c in codes} & set(allowed)
        if not words and text.strip().lower() in allowed:
            words = {text.strip().lower()}
        if len(words) == 1:
            return words.pop()
        given = ", ".join(c.code for c in codes) or text
        return self.wrong(field, given or value, one_of(sorted(allowed)))

    def concept(self, field: str, value: Any) -> tuple[tuple[Code, ...], str]:
        """The codes of a CodeableConcept and its text (failing that, the first display). Broken parts are problems."""
        if value is None:
            return (), ""
        if not isinstance(value, dict):
            self.wrong(field, value, Term("fhir.concept"))
            return (), ""
        codes: list[Code] = []
        coding = value.get("coding")
        if coding is not None and not isinstance(coding, list):
            self.wrong(f"{field}.coding", coding, Term("fhir.list"))
            coding = None
        for one in coding or ():
            if code := self.code(f"{field}.coding", one):
                codes.append(code)
        text = value.get("text")
        if text is not None and not isinstance(text, str):
            self.wrong(f"{field}.text", text, Term("fhir.text"))
            text = None
        return tuple(codes), text or next((c.display for c in codes if c.display), "")

    def code(self, field: str, value: Any) -> Code | None:
        """One Coding; None when it holds nothing that can be read."""
        if not isinstance(value, dict):
            self.wrong(field, value, Term("fhir.coding"))
            return None
        code, system, display = value.get("code"), value.get("system"), value.get("display")
        if not (isinstance(code, str) and isinstance(system, str) and isinstance(display, str)):
            for name, part in (("code", code), ("system", system), ("display", display)):
                if part is not None and not isinstance(part, str):
                    self.wrong(f"{field}.{name}", part, Term("fhir.text"))
        code = code if isinstance(code, str) else ""
        display = display if isinstance(display, str) else ""
        if not code and not display:
            return None
        return Code(self.terms.system(system) if isinstance(system, str) else "", code, display)

    # --- lists and references

    def objects(self, field: str, within: Mapping[str, Any] | None = None) -> list[Mapping[str, Any]]:
        """The objects of a list. One object instead of a list of one is taken for that list."""
        value = (self.resource if within is None else within).get(field)
        if value is None:
            return []
        if isinstance(value, dict):
            return [value]
        if not isinstance(value, list):
            self.wrong(field, value, Term("fhir.list"))
            return []
        for one in value:
            if not isinstance(one, dict):
                self.wrong(field, one, Term("fhir.object"))
        return [one for one in value if isinstance(one, dict)]

    def follow(self, value: Any, *, kind: str) -> Entry | None:
        """The record that a Reference means: one of this set, or one contained in this record."""
        reference = reference_of(value)
        if reference is None:
            return None
        if not reference.startswith("#"):
            return self.find(reference, self.entry, kind)
        for inner in self.objects("contained"):
            inner_kind = inner.get("resourceType")
            if inner.get("id") == reference[1:] and isinstance(inner_kind, str):
                return Entry(inner, inner_kind, reference[1:], self.ref, self.entry.place)
        return None

    def within(self, entry: Entry) -> Record:
        """The same chart, another resource."""
        return Record(entry, self.terms, self.find, self.problems)

    # --- dates

    def date(self, field: str, value: Any) -> tuple[When | Unreadable | None, datetime | None]:
        if value is None:
            return None, None
        read = read_date(value) if isinstance(value, str) else None
        if read is None:
            return self.wrong(field, value, Term("fhir.date")), None
        return read

    def period(self, field: str, value: Any) -> Dated:
        if not isinstance(value, dict):
            unreadable = self.wrong(field, value, Term("fhir.period"))
            return Dated(unreadable, unreadable)
        start, instant = self.date(f"{field}.start", value.get("start"))
        return Dated(start, self.date(f"{field}.end", value.get("end"))[0], instant)

    def dated(self, name: str) -> Dated:
        """A date that FHIR allows in several forms (`onsetDateTime`, `onsetPeriod`, `onsetAge` …)."""
        given = list(self._forms(name))
        if not given:
            return Dated()
        if len(given) > 1:
            unreadable = self.trouble("fhir.forms", field=name, count=len(given))
            return Dated(unreadable, unreadable)
        key, value = given[0]
        if value is not UNREADABLE and key in (name + "DateTime", name + "Instant"):
            start, instant = self.date(key, value)
            return Dated(start, None, instant)
        if value is not UNREADABLE and key == name + "Period":
            return self.period(key, value)
        return Dated(UNREADABLE, UNREADABLE)  # an age, a span, words: recorded, but no date

    def _forms(self, name: str) -> Iterator[tuple[str, Any]]:
        resource = self.resource
        for form in ("DateTime", "Period", "Age", "Range", "String", "Instant", "Timing"):
            key = name + form
            if resource.get(key) is not None:
                yield key, resource[key]
            elif "_" + key in resource:  # an extension says why there is no value
                yield key, UNREADABLE

    # --- numbers

    def number(self, field: str | Reason, value: Any) -> Decimal | Unreadable:
        """A JSON number. A float of at most 15 digits keeps what was written."""
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
            if number.is_finite():
                return number
        return self.wrong(field, value, Term("fhir.number"))
