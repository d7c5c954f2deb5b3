"""What does somebody else's code or name mean in our words?

Codes decide. A name decides only where no code is known, by the longest match on word boundaries, so that "trimipramine"
is never "imipramine". Whatever is not understood is said to be so, and a human is shown it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product
from pathlib import Path
from string import ascii_uppercase, digits
from typing import Any

from daybreak.clinical.records import Code
from daybreak.knowledge.store import ROOT, load

EMPTY: frozenset[str] = frozenset()
ICD = ("icd-10-cm", "icd-10")

# Words in a problem list that take back, or hand to somebody else, what the rest of the line says.
_NOT_THIS_PATIENT_NOW = re.compile(
    r"\b(no|not|denies|denied|without|negative for|rule out|ruled out|r/o|family history|fh|fhx|mother|father|sibling|"
    r"brother|sister|risk of|at risk|screening for|suspected|possible|probable|query|\?|history of|h/o|hx of|past|"
    r"remission|resolved)\b|\?"
)


@dataclass(frozen=True, slots=True)
class ConditionMatch:
    """`understood`: the code was read completely (it may belong to no concept of ours). Else a human is shown it."""

    concepts: frozenset[str]
    possible: frozenset[str]
    understood: bool


@dataclass(frozen=True, slots=True)
class MedicineMatch:
    ingredients: tuple[str, ...]
    understood: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of observation. `units` maps written units to the factor into the kind's own; None: answered in words.
    `change`: the percent of the earlier value beyond which the next is asked about."""

    id: str
    units: Mapping[str, Decimal] | None
    words: Mapping[str, str]
    low: Decimal | None
    high: Decimal | None
    bare: bool
    change: Decimal | None = None


class Names:
    """Finds the longest known names in a text, on word boundaries, without overlaps."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._meaning = names
        longest_first = sorted(names, key=lambda name: (-len(name), name))
        self._pattern = re.compile("|".join(map(_bounded, longest_first))) if names else None

    def find(self, text: str) -> list[tuple[str, Any]]:
        """Every name that stands in the text, with its meaning."""
        if self._pattern is None:
            return []
        return [(name, self._meaning[name]) for name in self._pattern.findall(text.lower())]


def _bounded(name: str) -> str:
    if not name.isascii():
        return re.escape(name)  # Chinese is written without spaces
    return rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])"


class Terms:
    """All of it, indexed once. Use `terms()`."""

    def __init__(self, root: Path = ROOT) -> None:
        conditions = load("conditions", root).values()
        self._concepts = [c for f in conditions for c in f["concepts"]]
        self._ignored_phrases = [phrase for f in conditions for phrase in f["ignored"]]
        files = load("medicines", root).values()
        self.medicines = {m["id"]: m for f in files for m in f["medicines"]}
        self._observations = load("observations", root)["observations"]
        self._reviews = load("reviews", root)["reviews"]
        self.ketamine = frozenset({"ketamine", "esketamine"})
        self._index_conditions()
        self._index_medicines([c for f in files for c in f["classes"]])
        self._index_observations()
        self._index_reviews()
        self.condition = lru_cache(maxsize=65536)(self._condition)
        self.medicine = lru_cache(maxsize=65536)(self._medicine)
        self.substances = lru_cache(maxsize=16384)(self._substances)

    # --- conditions

    def _index_conditions(self) -> None:
        self._icd: dict[str, tuple[set[str], set[str], set[str]]] = {}
        self._snomed: dict[str, tuple[set[str], set[str]]] = {}
        sure: dict[str, set[str]] = {}
        open_: dict[str, set[str]] = {}
        for concept in self._concepts:
            id_ = concept["id"]
            for column, key in enumerate(("icd10cm", "possible_icd10cm", "icd10cm_except")):
                for prefix in _prefixes(concept.get(key, ())):
                    self._icd.setdefault(prefix, (set(), set(), set()))[column].add(id_)
            for column, key in enumerate(("snomed", "possible_snomed")):
                for code in concept.get(key, ()):
                    self._snomed.setdefault(code, (set(), set()))[column].add(id_)
            for name in concept.get("names", ()):
                sure.setdefault(name.lower(), set()).add(id_)
            for name in concept.get("possible_names", ()):
                open_.setdefault(name.lower(), set()).add(id_)
        both = {n: (frozenset(sure.get(n, ())), frozenset(open_.get(n, ()))) for n in {*sure, *open_}}
        self._condition_names = Names(both)
        self._exact_names = both

    def _condition(self, codes: tuple[Code, ...], text: str) -> ConditionMatch:
        concepts: set[str] = set()
        possible: set[str] = set()
        understood = False
        for code in codes:
            if code.system in ICD:
                found = self._by_icd(code.code)
            elif code.system == "snomed":
                found = self._snomed.get(code.code)
            else:
                found = None
            if found is not None:
                understood = True
                concepts |= found[0]
                possible |= found[1]
        if not understood:
            for words in dict.fromkeys((text, *(c.display for c in codes))):
                named, maybe = self._by_name(words)
                concepts |= named
                possible |= maybe
            # a name alone is enough only if nobody wrote a code that could say something else
            if any(c.code for c in codes):
                possible |= concepts
                concepts = set()
            else:
                understood = bool(concepts)
        if understood and not concepts and not possible:
            concepts = {UNLISTED}
        return ConditionMatch(frozenset(concepts), frozenset(possible - concepts), understood)

    def _by_icd(self, code: str) -> tuple[set[str], set[str]] | None:
        bare = code.replace(".", "").upper().strip()
        if not _is_icd(bare):
            return None
        sure: set[str] = set()
        possible: set[str] = set()
        cut: set[str] = set()
        for length in range(3, len(bare) + 1):
            entry = self._icd.get(bare[:length])
            if entry:
                sure |= entry[0]
                possible |= entry[1]
                cut |= entry[2]
        return sure - cut, possible - sure

    def _by_name(self, text: str) -> tuple[frozenset[str], frozenset[str]]:
        plain = text.lower()
        for phrase in self._ignored_phrases:
            plain = plain.replace(phrase, " ")
        plain = " ".join(plain.split()).strip(" ,")
        if plain in self._exact_names:
            return self._exact_names[plain]
        found = self._condition_names.find(plain)
        named = frozenset(c for _, (sure, _) in found for c in sure)
        maybe = frozenset(c for _, (_, open_) in found for c in open_)
        if _NOT_THIS_PATIENT_NOW.search(plain):
            return EMPTY, named | maybe
        return named, maybe

    # --- medicines

    def _index_medicines(self, classes: Sequence[Mapping[str, Any]]) -> None:
        self._rxnorm: dict[str, str] = {}
        self._atc: dict[str, str] = {}
        names: dict[str, str] = {}
        for id_, medicine in self.medicines.items():
            self._rxnorm.update(dict.fromkeys(medicine.get("rxnorm", ()), id_))
            self._atc.update(dict.fromkeys(medicine.get("atc", ()), id_))
            names.update({name.lower(): id_ for name in medicine["names"]})
        self._atc_groups = {group: c["id"] for c in classes for group in c.get("atc", ())}
        class_names = {name.lower(): CLASS + c["id"] for c in classes for name in c.get("names", ())}
        self._medicine_names = Names({**class_names, **names})
        self.classes = {id_: frozenset(m.get("classes", ())) for id_, m in self.medicines.items()}
        self.classes.update({CLASS + c["id"]: frozenset({c["id"]}) for c in classes})
        self.antidepressants = {
            id_: m["antidepressant"] for id_, m in self.medicines.items() if m.get("antidepressant")
        }

    def _medicine(self, codes: tuple[Code, ...], text: str) -> MedicineMatch:
        coded = tuple(dict.fromkeys(i for c in codes if (i := self._by_medicine_code(c))))
        texts = dict.fromkeys((text, *(c.display for c in codes)))
        found = [(name, id_) for words in texts for name, id_ in self._medicine_names.find(words)]
        named = tuple(dict.fromkeys(id_ for _, id_ in found))
        if not coded:
            return MedicineMatch(named, bool(named))
        narrower = tuple(i for name, i in found if i not in coded and any(self._names_it(c, name) for c in coded))
        if narrower:  # "selegiline patch" says more than the code of selegiline
            return MedicineMatch(tuple(dict.fromkeys(narrower)), True)
        return MedicineMatch(coded, set(named) <= set(coded))

    def _names_it(self, ingredient: str, name: str) -> bool:
        return any(id_ == ingredient for word in name.split() for _, id_ in self._medicine_names.find(word))

    def _by_medicine_code(self, code: Code) -> str | None:
        if code.system == "rxnorm":
            return self._rxnorm.get(code.code)
        if code.system == "atc":
            exact = self._atc.get(code.code)
            groups = (code.code[:5], code.code[:4])
            return exact or next((CLASS + self._atc_groups[g] for g in groups if g in self._atc_groups), None)
        return None

    def _substances(self, codes: tuple[Code, ...], text: str) -> tuple[frozenset[str], bool]:
        match = self._medicine(codes, text)
        return frozenset(match.ingredients), match.understood

    # --- observations, reviews, words

    def _index_observations(self) -> None:
        self._kinds: dict[tuple[str, str], Kind] = {}
        self.kinds: dict[str, Kind] = {}
        self._kind_names: dict[str, str] = {}
        for k in self._observations["kinds"]:
            units = k.get("units")
            kind = Kind(
                id=k["id"],
                units={u: Decimal(f) for u, f in units.items()} if units is not None else None,
                words=k["words"],
                low=_decimal(k.get("low")),
                high=_decimal(k.get("high")),
                bare=k["bare"],
                change=_decimal((k.get("change") or {}).get("percent")),
            )
            self.kinds[kind.id] = kind
            self._kind_names.update(dict.fromkeys(k["names"], kind.id))
            self._kinds.update({("loinc", code): kind for code in k["loinc"]})
            self._kinds.update({(LOCAL, code): kind for code in k["local"]})
        self._ignored = frozenset(self._observations["ignored"])
        self._answers = {a["code"]: a["value"] for a in self._observations["answers"]}
        self._answer_words = {w: a["value"] for a in self._observations["answers"] for w in a["words"]}
        self._items = {code: kind for (system, code), kind in self._kinds.items() if system == "loinc"}

    def observation(self, codes: Iterable[Code], text: str = "") -> Kind | None:
        """The kind of an observation, by LOINC or by our own code; failing those by its whole name, where all names agree.

        Some scales have no code of their own; a part of a name ("MADRS item 3") is never enough.
        """
        codes = tuple(codes)
        coded = next((kind for c in codes if (kind := self._kinds.get((c.system, c.code)))), None)
        if coded is not None:
            return coded
        named = {self._kind_names.get(_plain(words)) for words in (text, *(c.display for c in codes)) if words}
        return self.kinds.get(named.pop() or "") if len(named) == 1 else None

    def ignored_observation(self, codes: Iterable[Code]) -> bool:
        """Is it one that no rule asks about?"""
        return any(c.system == "loinc" and c.code in self._ignored for c in codes)

    def items(self, code_or_link_id: str) -> Kind | None:
        """The kind of a questionnaire item by its LOINC code or a linkId made of it ("/44250-9")."""
        return self._items.get(code_or_link_id.rpartition("/")[2])

    def answer(self, code: str) -> int | None:
        """The number of a coded answer (LA6568-5 is 0)."""
        return self._answers.get(code)

    def answer_in_words(self, text: str) -> int | None:
        """The number of an answer as it is printed on the form ("Several days" is 1)."""
        return self._answer_words.get(text.strip().lower())

    def _index_reviews(self) -> None:
        r = self._reviews
        self._lists = {(x["system"], x["code"]): tuple(x["domains"]) for x in r["lists"]}
        self._none_known = {(x["system"], x["code"]): tuple(x["domains"]) for x in r["none_known"]}
        self._words = {key: _WordSets(r[key]) for key in ("stop_reasons", "indications", "procedures")}
        self._systems = r["systems"]
        self._told_by_procedures = frozenset(r["procedures_tell_about"])

    def review(self, codes: Iterable[Code]) -> tuple[str, ...]:
        """The domains that a reviewed list with this section code covers."""
        return tuple(dict.fromkeys(d for c in codes for d in self._lists.get((c.system, c.code), ())))

    def no_known(self, codes: Iterable[Code]) -> tuple[str, ...]:
        """The domains of which a coded "no known …" says that there is nothing."""
        return tuple(dict.fromkeys(d for c in codes for d in self._none_known.get((c.system, c.code), ())))

    def says_nothing_known(self, codes: Iterable[Code]) -> bool:
        """Is it a "no known …" or "no information" code, whatever it covers?"""
        return any((c.system, c.code) in self._none_known for c in codes)

    def stop_reason(self, codes: Sequence[Code], text: str) -> str | None:
        return self._words["stop_reasons"].meaning(codes, text)

    def indication(self, codes: Sequence[Code], text: str) -> str | None:
        return self._words["indications"].meaning(codes, text)

    def procedure(self, codes: Sequence[Code], text: str) -> str | None:
        return self._words["procedures"].meaning(codes, text)

    def told_by_procedure(self, text: str) -> frozenset[str]:
        """The concepts that a procedure by this name was done for, as far as a name can tell."""
        named, maybe = self._by_name(text)
        return (named | maybe) & self._told_by_procedures

    def system(self, uri: str) -> str:
        """Our short name of a code system, or the URI itself."""
        short: str = self._systems.get(uri, uri)
        return short

    def uri(self, short: str) -> str:
        """The address of a code system by our short name of it, or what was given."""
        return next((uri for uri, name in self._systems.items() if name == short), short)

    def code_of(self, kind: str) -> Code | None:
        """The code that an observation of this kind is written with: LOINC, else ours; None when it has none."""
        found = sorted((s != "loinc", s, c) for (s, c), known in self._kinds.items() if known.id == kind)
        return Code(found[0][1], found[0][2]) if found else None

    def list_of(self, domain: str) -> Code | None:
        """The section code of a list that reviews exactly this part of the history."""
        return next((Code(s, c) for (s, c), domains in self._lists.items() if domains == (domain,)), None)


UNLISTED = "unlisted"  # a code of a system that we read whole, in none of our value sets
CLASS = "class-of:"  # an ingredient known only by its class: `class-of:opioid`
LOCAL = "https://daybreak.invalid/observation"  # our own code system for scales without a verified LOINC code


class _WordSets:
    def __init__(self, sets: Sequence[Mapping[str, Any]]) -> None:
        self._codes = {code: s["meaning"] for s in sets for code in s["codes"]}
        self._names = Names({name.lower(): s["meaning"] for s in sets for name in s["names"]})

    def meaning(self, codes: Sequence[Code], text: str) -> str | None:
        for code in codes:
            if code.code in self._codes:
                return str(self._codes[code.code])
        for words in (text, *(c.display for c in codes)):
            for _, meaning in self._names.find(words):
                return str(meaning)
        return None


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[-_.,;:()\[\]]", " ", name.lower()).split())


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _is_icd(bare: str) -> bool:
    """ICD-10 in form: a letter, a digit, then up to five more letters or digits."""
    return 3 <= len(bare) <= 7 and bare.isascii() and bare.isalnum() and bare[0].isalpha() and bare[1].isdigit()


def _prefixes(entries: Iterable[str]) -> Iterable[str]:
    for entry in entries:
        first, _, last = entry.partition("-")
        if last:
            for a, b in product(digits, digits + ascii_uppercase):
                if first <= first[0] + a + b <= last:
                    yield first[0] + a + b
        else:
            yield entry.replace(".", "")


@lru_cache(maxsize=4)
def terms(root: Path = ROOT) -> Terms:
    """The terms of a knowledge folder, read once."""
    return Terms(root)
