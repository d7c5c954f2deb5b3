"""How does a test fill in any form of ours as somebody would who answers everything? From what the page itself says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser

# What a field of that name takes where its kind does not say so; "" where an answer would contradict another one.
SAID = {
    "confirm": "six words that nobody would guess",
    "birth": "1971-04-02",
    "year": "1971",  # of the sample patient
    "onset": "2019-03",
    "start": "2024-01-10",
    "end": "2024-06-10",
    "when": "2026-11-20",
    "since": "2026-11-20",
    "label": "psychotherapy",
    "abatement": "",
    "dose": "50",
    "sessions": "12",
    "value": "12",
    "improvement": "10",
    "adherence": "90",
    "weight": "70",
    "systolic": "120",
    "diastolic": "80",
    "zone": "Asia/Shanghai",
    "witness": "",
    "patient": "",
    "mg": "",
    "ml": "",
    "currency": "USD",
    "pin": "482913",
    "again": "482913",
    "interpreter": "",
    "representative": "",
    "override": "none",
    "closed": "",
    "ends_on": "",
    "ago": "5",
    "mobile": "+1 555 010 0123",
}


@dataclass
class Form:
    """One form of a page that is sent by POST: where it goes, its fields with a value each, its buttons with a name."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def ways(self) -> list[dict[str, str]]:
        """What is sent, by each of its buttons."""
        return [{**self.fields, name: value} for name, value in self.buttons] or [self.fields]


def forms(page: str, *, at: datetime) -> list[Form]:
    """Every form of the page, with what it held and a plausible answer in each field that was empty; `at` is now."""
    return [form for form in _Forms(page, at).found if form.action != "GET"]


class _Forms(HTMLParser):
    def __init__(self, page: str, at: datetime) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.at, self.inside, self.select, self.area, self.empty = at, False, "", "", set[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside, self.empty = True, set()
            self.found.append(Form(given.get("action", "") if given.get("method", "").lower() == "post" else "GET"))
        elif tag == "option" and self.select:
            value = given.get("value", "")
            self._choice(self.select, value, chosen=value == SAID.get(self.select) or "selected" in given)
        elif self.inside and given.get("name") and "disabled" not in given:
            self._field(tag, given["name"], given)

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area and data.strip():
            self.found[-1].fields[self.area] = data.strip()

    def _field(self, tag: str, name: str, given: dict[str, str]) -> None:
        fields, value = self.found[-1].fields, given.get("value", "")
        kind = given.get("type", "text") if tag == "input" else tag
        if kind == "button":
            self.found[-1].buttons.append((name, value))
        elif kind == "select":
            self.select = name
            self.empty.add(name)
            fields[name] = ""
        elif kind in ("radio", "checkbox"):
            self.empty |= {name} - set(fields)
            self._choice(name, value or "on", chosen=value == SAID[name] if name in SAID else "checked" in given)
        elif value or kind == "hidden":
            fields.setdefault(name, value)
        else:
            self.area = name if kind == "textarea" else ""
            fields[name] = self._plausible(kind, name, given)

    def _choice(self, name: str, value: str, *, chosen: bool) -> None:
        """The one that is chosen already, else the first that says something."""
        if value and (chosen or name in self.empty):
            self.found[-1].fields[name] = value
            self.empty.discard(name)

    def _plausible(self, kind: str, name: str, given: dict[str, str]) -> str:
        if kind == "date" and name not in SAID:
            return given.get("max") or given.get("min") or str((self.at + timedelta(days=1)).date())
        if kind == "datetime-local":
            return f"{self.at + timedelta(days=1):%Y-%m-%d}T10:00"
        if kind == "time":
            return {"begins": "10:00", "ends": "15:00", "onset_time": "00:00", "end_time": "00:00"}.get(
                name, f"{self.at + timedelta(hours=1):%H:%M}"
            )
        if kind == "email":
            return "lee@example.org"
        if name in SAID:
            return SAID[name]
        if kind == "number" or given.get("inputmode") in ("numeric", "decimal"):
            return given.get("min") or "3"
        return f"A word about {name}"
