"""Which form of a page is the one that was typed into, and how does it look filled?

Works on the page as text, whatever made it, and changes nothing but the values of that one form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

# Hidden fields that say which request it was and what its sender had seen: they come back as they were, so that nothing
# is done twice and a change in the meantime is noticed. Every other hidden field says which form it is.
FRESH = {"key", "seen", "digest", "sitting"}
NEVER = {"csrfmiddlewaretoken"}
AS_IT_IS = {"password", "file", "submit", "button", "image", "reset"}


@dataclass
class Control:
    """One tag of a form: where it stands in the page, and what it says."""

    tag: str
    start: int
    end: int
    told: dict[str, str | None]
    inside: tuple[int, int] = (0, 0)
    options: list[Control] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.told.get("name") or ""

    @property
    def type(self) -> str:
        return (self.told.get("type") or "text").lower() if self.tag == "input" else self.tag


@dataclass
class Form:
    """One form of the page."""

    method: str
    action: str
    controls: list[Control] = field(default_factory=list)
    folded: list[Control] = field(default_factory=list)  # what is closed around it


def refill(page_text: str, *, page: str, action: str, fields: Mapping[str, Sequence[str]]) -> str | None:
    """The page with the form filled and nothing folded around it; None when it has no form, or no single one, that the
    fields came from."""
    reader = _Reader(page_text)
    reader.feed(page_text)
    candidates = [(_likeness(form, fields), form) for form in reader.forms if _leads_to(form, page) == action]
    best = max((score for score, _ in candidates), default=0)
    found = [form for score, form in candidates if score == best]
    if best <= 0 or len(found) != 1:
        return None
    opened = [(one.start, one.end, _tag(one, open=True)) for one in found[0].folded]
    for start, end, text in sorted([*opened, *_changes(found[0], fields)], reverse=True):
        page_text = page_text[:start] + text + page_text[end:]
    return page_text


def _leads_to(form: Form, page: str) -> str:
    return urlsplit(urljoin(page, form.action)).path if form.method == "post" else ""


def _likeness(form: Form, fields: Mapping[str, Sequence[str]]) -> int:
    """How much of what was sent this form could have sent; nothing when it says that it is another one."""
    names = {control.name for control in form.controls if control.name} - NEVER
    for control in form.controls:
        says_which = control.type == "hidden" and control.name not in FRESH | NEVER and control.told.get("value")
        if says_which and control.told["value"] not in fields.get(control.name, ()):
            return 0
    pressed = sum(
        control.told.get("value") in fields.get(control.name, ())
        for control in form.controls
        if control.tag == "button"
    )
    return 2 * len(names & fields.keys()) + pressed - len(fields.keys() - names)


def _changes(form: Form, fields: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, int, str]]:
    left = {name: list(values) for name, values in fields.items()}
    for control in form.controls:
        if control.name in NEVER or control.type in AS_IT_IS or not control.name:
            continue
        if control.type in ("checkbox", "radio"):
            chosen = (control.told.get("value") or "on") in fields.get(control.name, ())
            yield control.start, control.end, _tag(control, checked=chosen)
        elif control.tag == "select":
            for option in control.options:
                chosen = (option.told.get("value") or "") in fields.get(control.name, ())
                yield option.start, option.end, _tag(option, selected=chosen)
        elif left.get(control.name):
            value = left[control.name].pop(0)
            if control.tag == "textarea":
                yield *control.inside, "\n" + escape(value)
            else:
                control.told["value"] = value
                yield control.start, control.end, _tag(control)


def _tag(control: Control, **switched: bool) -> str:
    told: dict[str, str | None] = {name: value for name, value in control.told.items() if name not in switched}
    told |= {name: None for name, on in switched.items() if on}
    said = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in told.items())
    return f"<{control.tag}{said}>"


class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._last: Control | None = None
        self._folds: list[Control] = []
        self._lines = [0]
        for line in text.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def _here(self) -> int:
        line, offset = self.getpos()
        return self._lines[line - 1] + offset

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        told = dict(attrs)
        if tag == "details":
            start = self._here()
            self._folds.append(Control(tag, start, start + len(self.get_starttag_text() or ""), told))
        if tag == "form":
            self._open = Form((told.get("method") or "get").lower(), told.get("action") or "", folded=[*self._folds])
            self.forms.append(self._open)
        if self._open is None or tag not in ("input", "textarea", "select", "option", "button"):
            return
        start = self._here()
        control = Control(tag, start, start + len(self.get_starttag_text() or ""), told)
        if tag == "option" and self._last is not None and self._last.tag == "select":
            self._last.options.append(control)
            return
        self._open.controls.append(control)
        self._last = control

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "details" and self._folds:
            self._folds.pop()
        elif tag == "textarea" and self._last is not None and self._last.tag == "textarea":
            self._last.inside = (self._last.end, self._here())
