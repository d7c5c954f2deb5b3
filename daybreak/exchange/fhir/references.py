"""Which record does a reference mean?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from daybreak.exchange.fhir.entries import Entry


def plain(reference: str) -> str:
    """Without the version: `Patient/x/_history/3` is `Patient/x`."""
    return reference.partition("/_history/")[0].rstrip("/")


def is_web(address: str) -> bool:
    return address.startswith(("http://", "https://"))


def short(reference: str, *, kind: str) -> str:
    """`Type/id` of any form of reference; a bare uuid takes the kind that is expected there."""
    reference = plain(reference)
    if reference.startswith("urn:"):
        return f"{kind}/{reference.rpartition(':')[2]}"
    return "/".join(reference.split("/")[-2:])


def reference_of(value: Any) -> str | None:
    """The text of a Reference: its address or, failing that, the identifier that it names. None: it names nothing."""
    if not isinstance(value, dict):
        return None
    reference = value.get("reference")
    if isinstance(reference, str) and reference:
        return reference
    identifier = value.get("identifier")
    return _by_identifier(identifier) if isinstance(identifier, dict) else None


def _by_identifier(identifier: Mapping[str, Any]) -> str | None:
    system, value = identifier.get("system"), identifier.get("value")
    return f"Patient?identifier={system}|{value}" if isinstance(system, str) and isinstance(value, str) else None


class References:
    """The records of one set, by every form of address that may be used for them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_url: dict[str, Entry] = {}
        self._by_ref: dict[str, list[Entry]] = {}
        for entry in entries:
            if entry.url:
                self._by_url.setdefault(plain(entry.url), entry)
            self._by_ref.setdefault(entry.ref, []).append(entry)
            if entry.kind == "Patient":
                for identifier in _identifiers(entry.resource):
                    self._by_url.setdefault(identifier, entry)

    def address(self, reference: str, *, seen_from: Entry) -> str:
        """A relative reference means a record on the server of the record that holds it."""
        reference = plain(reference)
        if is_web(seen_from.url) and not is_web(reference) and not reference.startswith("urn:"):
            return "/".join(plain(seen_from.url).split("/")[:-2]) + "/" + reference
        return reference

    def find(self, reference: str, *, seen_from: Entry, kind: str) -> Entry | None:
        """The record meant, or None. The same id on two servers is two records."""
        address = self.address(reference, seen_from=seen_from)
        found = self._by_url.get(address) or self._by_url.get(plain(reference))
        if found is not None:
            return found
        candidates = self._by_ref.get(short(address, kind=kind), [])
        if is_web(address):
            candidates = [c for c in candidates if not is_web(c.url)]
        return candidates[0] if len({id(c.resource) for c in candidates}) == 1 else None


def _identifiers(resource: Mapping[str, Any]) -> Iterable[str]:
    listed = resource.get("identifier")
    for identifier in listed if isinstance(listed, list) else ():
        if isinstance(identifier, dict) and (address := _by_identifier(identifier)):
            yield address
