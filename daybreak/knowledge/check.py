"""Do the knowledge files agree with each other: does every name that one of them uses stand in another?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from daybreak.clinical.records import DOMAINS
from daybreak.clinical.screening.facts import FACTS
from daybreak.knowledge.check_devices import devices
from daybreak.knowledge.protocols import leaves
from daybreak.knowledge.rems import FIGURES, IDENTITIES
from daybreak.knowledge.store import ROOT, SECTIONS, load
from daybreak.knowledge.validate import Invalid

PLACEHOLDER = re.compile(r"\{(\w+)\}")

# Words that a sentence about a medicine must never use: nobody is told to stop or skip one by a programme.
FORBIDDEN = re.compile(
    r"(?<!not )\b(stop (taking|the|your)|discontinue|skip (the|a|your)|come off|taper off|withhold)\b"
    r"|(?<!不可)(停药|停用|停止服用|骤停)",
    re.IGNORECASE,
)


def problems_of(root: Path = ROOT) -> list[str]:
    """Every problem of a knowledge folder: of its files one by one, then between them."""
    found: list[str] = []
    for section in SECTIONS:
        try:
            load(section, root)
        except Invalid as error:
            found += error.problems
    return found or list(_between(root))


def facts(root: Path = ROOT) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every fact with its place (`protocols/esketamine-nasal-us/criteria/3`)."""
    for section in SECTIONS:
        for stem, data in load(section, root).items():
            yield from _facts_in(f"{section}/{stem}", data)


def coverage(root: Path = ROOT) -> Counter[str]:
    """How many facts have which standing."""
    return Counter(fact["standing"] for _, fact in facts(root))


def _facts_in(place: str, data: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(data, dict):
        if "standing" in data and "source" in data:
            yield place, data
        for key, value in data.items():
            yield from _facts_in(f"{place}/{key}", value)
    elif isinstance(data, list):
        for i, value in enumerate(data):
            name = value.get("id", value.get("criterion", i)) if isinstance(value, dict) else i
            yield from _facts_in(f"{place}/{name}", value)


def _between(root: Path) -> Iterator[str]:
    yield from _sources(root)
    yield from _unique(root)
    yield from _protocols(root)
    yield from _medicines(root)
    yield from _loinc(root)
    yield from _suicide(root)
    yield from _consents(root)
    yield from _dosing(root)
    yield from _watch(root)
    yield from _rems(root)
    yield from _clinic_questions(root)
    yield from _education(root)
    yield from _languages(root)
    yield from _no_stopping(root)


def _sources(root: Path) -> Iterator[str]:
    known = {s["id"] for f in load("sources", root).values() for s in f["sources"]}
    for place, fact in facts(root):
        for key in ("source", "bounds_source"):
            id_ = fact.get(key, {}).get("id")
            if id_ is not None and id_ not in known:
                yield f"{place}: the source '{id_}' does not stand in sources/; add it there or mend the name"


def _unique(root: Path) -> Iterator[str]:
    for section, key in (
        ("sources", "sources"),
        ("conditions", "concepts"),
        ("medicines", "medicines"),
        ("observations", "kinds"),
        ("criteria", "criteria"),
        ("periods", "periods"),
        ("deadlines", "deadlines"),
        ("checkins", "occasions"),
        ("checkins", "forms"),
        ("checkins", "windows"),
        ("spans", "spans"),
        ("steering", "judgements"),
        ("sessions", "questions"),
        ("sessions", "rows"),
        ("dosing", "ladders"),
        ("dosing", "not_full"),
        ("watch", "signs"),
        ("watch", "levels"),
        ("watch", "technical"),
        ("functions", "functions"),
        ("rems", "fields"),
        ("rems", "versions"),
        ("cupboard", "products"),
        ("cupboard", "witnesses"),
        ("cupboard", "times"),
        ("cupboard", "patterns"),
        ("prompts", "prompts"),
        ("crisis", "lines"),
        ("consents", "statements"),
        ("consents", "questions"),
        ("clinic_questions", "questions"),
        ("education", "sections"),
    ):
        ids = Counter(x["id"] for file in load(section, root).values() for x in file[key])
        yield from (f"{section}: the id '{id_}' stands {n} times; one is enough" for id_, n in ids.items() if n > 1)
    for stem, file in load("crisis", root).items():
        if file["country"].lower() != stem:
            yield f"crisis/{stem}.yaml: its country is '{file['country']}'; name the file {file['country'].lower()}.yaml"
    for section in ("protocols", "payers", "trial_rules", "scales"):
        for stem, file in load(section, root).items():
            if file["id"] != stem:
                yield f"{section}/{stem}.yaml: its id is '{file['id']}'; file and id must have the same name"


def _protocols(root: Path) -> Iterator[str]:
    criteria = {c["id"]: c for c in load("criteria", root)["criteria"]["criteria"]}
    periods = {p["id"] for p in load("periods", root)["periods"]["periods"]}
    concepts = {c["id"] for f in load("conditions", root).values() for c in f["concepts"]}
    rules = load("trial_rules", root)
    for id_, entry in criteria.items():
        yield from _rule(f"criteria/{id_}", entry["rule"], concepts, periods)
    for section in ("protocols", "payers"):
        for stem, file in load(section, root).items():
            if file["trial_rules"] not in rules:
                yield f"{section}/{stem}: no rule set '{file['trial_rules']}' in trial_rules/"
            for i, line in enumerate(file["criteria"]):
                place = f"{section}/{stem}/criteria/{i} ({line['criterion']})"
                if line["criterion"] not in criteria:
                    yield f"{place}: no such criterion in criteria.yaml"
                    continue
                yield from line_problems(place, line, criteria[line["criterion"]], periods, rules)


def _rule(place: str, rule: Mapping[str, Any], concepts: set[str], periods: set[str]) -> Iterator[str]:
    for leaf in leaves(rule):
        if leaf.get("fact") not in FACTS:
            yield f"{place}: no fact '{leaf.get('fact')}'; expected one of {', '.join(sorted(FACTS))}"
        if sum(key in leaf for key in ("is", "at_least", "at_most", "below")) != 1:
            yield f"{place}: expected exactly one of is, at_least, at_most, below"
        concept = leaf["with"].get("concept")
        if concept is not None and concept not in concepts:
            yield f"{place}: no concept '{concept}' in conditions/"
        for domain in leaf["with"].get("domains", ()):
            if domain not in DOMAINS:
                yield f"{place}: no domain '{domain}'; expected one of {', '.join(DOMAINS)}"
        if isinstance(leaf["period"], str) and leaf["period"] not in periods:
            yield f"{place}: no period '{leaf['period']}' in periods.yaml"


def line_problems(
    place: str, line: Mapping[str, Any], entry: Mapping[str, Any], periods: Collection[str], rules: Mapping[str, Any]
) -> Iterator[str]:
    """What a line of a protocol lacks or has too much for its criterion (`entry`)."""
    needed: set[str] = set()
    allowed: set[str] = set()
    units: dict[str, str | None] = {}
    for leaf in leaves(entry["rule"]):
        needed |= set(leaf["bounds"])
        for key in ("at_least", "at_most", "below"):
            if key in leaf:
                needed.add(leaf[key]["bound"])
                units[leaf[key]["bound"]] = leaf[key].get("unit")
        for names in leaf["pairs"].values():
            allowed |= set(names)
    given = set(line["bounds"])
    for name in sorted(needed - given):
        yield f"{place}: the bound '{name}' is missing"
    for name in sorted(given - needed - allowed):
        yield f"{place}: the criterion has no bound '{name}'; expected {', '.join(sorted(needed | allowed)) or 'none'}"
    for name, unit in units.items():
        written = line["bounds"].get(name, "").partition(" ")[2]
        if name in given and written != (unit or ""):
            yield f"{place}: the bound '{name}' is in '{written}', expected '{unit or 'no unit'}'"
    if line.get("valid_for") is not None and line["valid_for"] not in periods:
        yield f"{place}: no period '{line['valid_for']}' in periods.yaml"
    named = line["with"].get("rules")
    if named is not None and named not in rules:
        yield f"{place}: no rule set '{named}' in trial_rules/"


def _suicide(root: Path) -> Iterator[str]:
    """An answer of a kind that nobody records would never call anybody."""
    kinds = {kind["id"] for file in load("observations", root).values() for kind in file["kinds"]}
    told = load("suicide", root)["suicide"]
    follows = [{"kind": f"suicide-followup.{one['id']}"} for one in told["followup"]["questions"]]
    answers = {one["kind"] for one in told["answers"]}
    yield from (
        f"suicide: '{one['kind']}' is asked and not among `answers`" for one in follows if one["kind"] not in answers
    )
    for one in (*told["answers"], told["asked_today"]):
        if one["kind"] not in kinds:
            yield f"suicide: no observation '{one['kind']}' in observations.yaml"
    files = load("consents", root).values()
    items = {each["id"] for file in files for part in ("statements", "questions") for each in file[part]}
    for one in told["consent"]:
        if one["item"] not in items:
            yield f"suicide: no '{one['item']}' among the statements and questions of consents/"


def _dosing(root: Path) -> Iterator[str]:
    """A course under a protocol without a ladder could never have a dose; and the two files about mg agree."""
    ladders = load("dosing", root)["dosing"]["ladders"]
    planned = load("schedules", root)["schedules"]["schedules"]
    protocols = load("protocols", root)
    notes = Counter(note["id"] for one in ladders for note in one["notes"])
    yield from (f"dosing: the note '{id_}' stands {n} times; one is enough" for id_, n in notes.items() if n > 1)
    for one in ladders:
        for id_ in one["protocols"]:
            if id_ not in protocols:
                yield f"dosing/{one['id']}: no protocol '{id_}' in protocols/"
            elif protocols[id_]["product"] != one["product"]:
                yield f"dosing/{one['id']}: the product of '{id_}' is {protocols[id_]['product']}"
    for schedule in planned:
        own = [one for one in ladders if schedule["protocol"] in one["protocols"]]
        if not own:
            yield f"dosing: no ladder for the protocol '{schedule['protocol']}' of schedules.yaml"
        mg = sorted({int(dose) for one in own for line in one["allowed"] for dose in line["doses"]})
        said = schedule.get("dose")
        if said and mg and (said["least"], said["most"]) != (mg[0], mg[-1]):
            other = f"schedules.yaml says {said['least']} to {said['most']}"
            yield f"dosing: {mg[0]} to {mg[-1]} mg for '{schedule['protocol']}', and {other}"


def _consents(root: Path) -> Iterator[str]:
    """What a document names has to be there, and nobody is treated under a protocol that no document is for."""
    files = load("consents", root).values()
    named: set[str] = set()
    for one in (one for file in files for one in file["documents"]):
        for part in ("statements", "questions"):
            known = {each["id"] for file in files for each in file[part]}
            for id_ in one[part]:
                if id_ not in known:
                    yield f"consents/{one['id']}: no '{id_}' among the {part} of consents/"
        for protocol in one["protocols"]:
            if protocol not in load("protocols", root):
                yield f"consents/{one['id']}: no protocol '{protocol}' in protocols/"
        named |= set(one["protocols"])
    for protocol in sorted(load("protocols", root).keys() - named):
        yield f"protocols/{protocol}: no document in consents/ is for it"


def _watch(root: Path) -> Iterator[str]:
    """Nobody is treated under a protocol under which nobody knows how to watch, and the pressure before has its criterion."""
    protocols = load("protocols", root)
    told = Counter(one["protocol"] for one in load("watch", root)["watch"]["protocols"])
    for id_ in sorted(protocols.keys() | told):
        if id_ not in protocols:
            yield f"watch: no protocol '{id_}' in protocols/"
        elif told[id_] != 1:
            yield f"watch: the protocol '{id_}' stands {told[id_]} times; once is right"
    for one in load("watch", root)["watch"]["protocols"]:
        lines = protocols.get(one["protocol"], {"criteria": []})["criteria"]
        dosing = {line["criterion"] for line in lines if line["when"] == "before_each_dose"}
        if lines and one["gate"]["criterion"] not in dosing:
            yield f"watch/{one['protocol']}: no criterion '{one['gate']['criterion']}' before each dose"
    yield from _believed(root)
    yield from devices(root)


def _believed(root: Path) -> Iterator[str]:
    """What can be typed is what a device may send and what a record may hold; a row without such limits takes anything."""
    signs = {one["id"]: one for one in load("watch", root)["watch"]["signs"]}
    for kind in load("observations", root)["observations"]["kinds"]:
        sign = signs.get(kind["id"])
        if sign and (str(kind["low"]), str(kind["high"])) != (str(sign["least"]["is"]), str(sign["most"]["is"])):
            yield f"watch/{kind['id']}: the limits of belief are other ones in observations.yaml"
    for row in load("sessions", root)["sessions"]["rows"]:
        for part in row["parts"]:
            id_ = row["id"] if part["id"] == "value" else part["id"]
            if id_ not in signs and ("least" not in part or "most" not in part):
                yield f"sessions/{row['id']}: no sign '{id_}' in watch.yaml, so nobody knows which figures can be"


def _rems(root: Path) -> Iterator[str]:
    """Every field of the form can be answered: what it is of, and what stands beside it, is there in each of its versions."""
    form = load("rems", root)["rems"]
    session = load("sessions", root)["sessions"]
    known = {
        "block": {one["id"] for one in form["blocks"]},
        "version": {one["id"] for one in form["versions"]},
        "row": {one["id"] for one in session["rows"]},
        "question": {one["id"] for one in session["questions"]},
        "criterion": {one["id"] for one in session["leaving"]},
        "class": {one["id"] for file in load("medicines", root).values() for one in file["classes"]},
        "protocol": set(load("protocols", root)),
    }
    fields = {one["id"]: one for one in form["fields"]}
    used = [("protocols", "protocol", form["protocols"]), ("ready", "criterion", form["ready"]["criteria"])]
    used.append(("new", "question", [form["new"]]))
    for id_, one in fields.items():
        beside = one.get("evidence") or {"fields": (), "courses": ()}
        used += [(id_, "block", [one["block"]]), (id_, "version", one["versions"]), (id_, "class", one["classes"])]
        used += [(id_, "question", one["asked"]), (id_, "criterion", beside["courses"])]
        used += [(id_, "row", [one["row"]] if "row" in one else [])]
        of = {"identity": IDENTITIES, "figure": FIGURES}.get(one["kind"])
        if of is not None and one["of"] not in of:
            yield f"rems/{id_}: nothing of a session is '{one['of']}'; expected {', '.join(sorted(of))}"
        for other in (*beside["fields"], *([one["when"]] if "when" in one else [])):
            if not set(one["versions"]) <= set(fields.get(other, {"versions": ()})["versions"]):
                yield f"rems/{id_}: '{other}' does not stand in every version of it"
    for id_, what, names in used:
        yield from (f"rems/{id_}: no {what} '{name}'" for name in names if name not in known[what])


def _medicines(root: Path) -> Iterator[str]:
    known = {m["id"] for f in load("medicines", root).values() for m in f["medicines"]}
    classes = {c["id"] for f in load("medicines", root).values() for c in f["classes"]}
    tables = load("dose_tables", root)
    for stem, table in tables.items():
        yield from (f"dose_tables/{stem}: no medicine '{i}' in medicines/" for i in table["minimum"] if i not in known)
    for agent in load("staging", root)["agents"]["agents"]:
        if agent["ingredient"] not in known:
            yield f"staging/agents: no medicine '{agent['ingredient']}' in medicines/"
    for stem, rule in load("trial_rules", root).items():
        if rule["dose_table"] not in tables:
            yield f"trial_rules/{stem}: no dose table '{rule['dose_table']}'"
    for stem, file in load("medicines", root).items():
        for m in file["medicines"]:
            yield from (f"medicines/{stem}/{m['id']}: no class '{c}'" for c in m["classes"] if c not in classes)


def _loinc(root: Path) -> Iterator[str]:
    for kind in load("observations", root)["observations"]["kinds"]:
        yield from (
            f"observations/{kind['id']}: LOINC {code} has a wrong check digit"
            for code in kind["loinc"]
            if not check_digit_fits(code)
        )


def check_digit_fits(code: str) -> bool:
    """Is the last digit of a LOINC code the Luhn (mod 10) digit of the others?"""
    body, _, digit = code.partition("-")
    doubled = [sum(divmod(int(d) * 2, 10)) if i % 2 == 0 else int(d) for i, d in enumerate(reversed(body))]
    return digit == str(-sum(doubled) % 10)


def _clinic_questions(root: Path) -> Iterator[str]:
    """A name that no card has would leave an answer from records unseen."""
    card = load("card", root)["card"]
    heads, asked = ({one["id"] for one in card[key]} for key in ("heads", "questions"))
    for one in load("clinic_questions", root)["clinic_questions"]["questions"]:
        if one["head"] not in heads:
            yield f"clinic_questions/{one['id']}: no head '{one['head']}' in card.yaml"
        for ask in one["asks"]:
            if "card" in ask and ask["card"] not in asked:
                yield f"clinic_questions/{one['id']}/{ask['id']}: no question '{ask['card']}' in card.yaml"


def _education(root: Path) -> Iterator[str]:
    """Whoever reads a claim can open what it stands on."""
    opens = {one["id"] for file in load("sources", root).values() for one in file["sources"] if "url" in one}
    file = load("education", root)["education"]
    claims = [(f"{part['id']}/{one['id']}", one) for part in file["sections"] for one in part["claims"]]
    for place, one in [*claims, ("side_effects", file["side_effects"])]:
        if one["source"]["id"] not in opens:
            yield f"education/{place}: the source '{one['source']['id']}' has no address to open"


def _languages(root: Path) -> Iterator[str]:
    files = load("sentences", root)
    first = files["en"]
    for stem, file in files.items():
        for part in ("sentences", "terms"):
            for id_ in sorted(first[part].keys() ^ file[part].keys()):
                where = stem if id_ not in file[part] else "en"
                yield f"sentences: '{id_}' of {part} stands in one language only; {'remove' if where != stem else 'add'} it"
        for id_ in first["sentences"].keys() & file["sentences"].keys():
            ours, theirs = (set(PLACEHOLDER.findall(f["sentences"][id_])) for f in (first, file))
            if ours != theirs:
                yield f"sentences/{stem}: '{id_}' uses {sorted(theirs)}, the English one {sorted(ours)}"


def _no_stopping(root: Path) -> Iterator[str]:
    for place, text in _spoken(root):
        if match := FORBIDDEN.search(text):
            yield f"{place}: “{match.group()}” tells somebody to stop a medicine; say that a prescriber reviews it"


def _spoken(root: Path) -> Iterator[tuple[str, str]]:
    for stem, file in load("sentences", root).items():
        yield from ((f"sentences/{stem}/{id_}", text) for id_, text in file["sentences"].items())
    for entry in load("criteria", root)["criteria"]["criteria"]:
        yield from ((f"criteria/{entry['id']}/change", text) for text in entry["change"].values())
    for file in load("consents", root).values():
        for one in file["statements"]:
            yield from ((f"consents/{one['id']}", text) for text in one["says"].values())
        for one in file["questions"]:
            yield from ((f"consents/{one['id']}/explains", text) for text in one["explains"].values())
    for one in load("sessions", root)["sessions"]["questions"]:
        yield from ((f"sessions/{one['id']}/ask", text) for text in one["ask"].values())
    for letter in load("letters", root)["letters"]["letters"]:
        yield from ((f"letters/{letter['id']}/opens", text) for text in letter["opens"].values())
    for prompt in load("prompts", root)["prompts"]["prompts"]:
        yield from ((f"prompts/{prompt['id']}/ask", text) for text in prompt["ask"].values())
