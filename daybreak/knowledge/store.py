"""Where does a fact come from at run time: one section of the knowledge folder, validated once, then from a compiled copy.

A compiled copy is named by the digest of everything it was made from (the section's files and the schema), carries the
digest of its own body, and is thrown away when either does not fit. It is a cache: deleting it costs a second.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
SCHEMA = ROOT / "schema"

# section -> the place of its files and the model of each file (module in `schema`, class)
SECTIONS: Mapping[str, tuple[str, str, str]] = {
    "sources": ("sources/*.yaml", "sources", "SourceFile"),
    "conditions": ("conditions/*.yaml", "conditions", "ConceptFile"),
    "medicines": ("medicines/*.yaml", "medicines", "MedicineFile"),
    "observations": ("observations.yaml", "observations", "ObservationFile"),
    "reviews": ("reviews.yaml", "observations", "ReviewFile"),
    "dose_tables": ("dose_tables/*.yaml", "staging", "DoseTableFile"),
    "trial_rules": ("trial_rules/*.yaml", "staging", "TrialRulesFile"),
    "staging": ("staging/*.yaml", "staging", "StagingFile"),
    "claims": ("claims/*.yaml", "staging", "ClaimsFile"),
    "criteria": ("criteria.yaml", "protocols", "CriteriaFile"),
    "periods": ("periods.yaml", "protocols", "PeriodsFile"),
    "careplan": ("careplan.yaml", "careplan", "CareplanFile"),
    "card": ("card.yaml", "card", "CardFile"),
    "clinic_questions": ("clinic_questions.yaml", "clinic_questions", "ClinicQuestionsFile"),
    "education": ("education.yaml", "education", "EducationFile"),
    "window": ("window.yaml", "window", "WindowFile"),
    "letters": ("letters.yaml", "letters", "LettersFile"),
    "notices": ("notices.yaml", "notices", "NoticesFile"),
    "deadlines": ("deadlines.yaml", "protocols", "DeadlinesFile"),
    "protocols": ("protocols/*.yaml", "protocols", "ProtocolFile"),
    "payers": ("payers/*.yaml", "protocols", "PayerFile"),
    "costs": ("costs/*.yaml", "costs", "CostsFile"),
    "prompts": ("prompts.yaml", "prompts", "PromptsFile"),
    "crisis": ("crisis/*.yaml", "crisis", "CrisisFile"),
    "consents": ("consents/*.yaml", "consents", "ConsentFile"),
    "cupboard": ("cupboard.yaml", "cupboard", "CupboardFile"),
    "signatures": ("signatures.yaml", "signatures", "SignaturesFile"),
    "reach": ("reach.yaml", "reach", "ReachFile"),
    "sentences": ("sentences/*.yaml", "sentences", "SentenceFile"),
    "labels": ("labels.yaml", "labels", "LabelsFile"),
    "intake": ("intake/*.yaml", "intake", "IntakeFile"),
    "schedules": ("schedules.yaml", "schedules", "SchedulesFile"),
    "dosing": ("dosing.yaml", "dosing", "DosingFile"),
    "watch": ("watch.yaml", "watch", "WatchFile"),
    "devices": ("devices.yaml", "devices", "DevicesFile"),
    "functions": ("functions.yaml", "functions", "FunctionsFile"),
    "kinetics": ("kinetics.yaml", "kinetics", "KineticsFile"),
    "harms": ("harms.yaml", "harms", "HarmsFile"),
    "misuse": ("misuse.yaml", "misuse", "MisuseFile"),
    "rems": ("rems.yaml", "rems", "RemsFile"),
    "adverse": ("adverse.yaml", "adverse", "AdverseFile"),
    "spans": ("spans.yaml", "spans", "SpansFile"),
    "outcomes": ("outcomes.yaml", "outcomes", "OutcomesFile"),
    "steering": ("steering.yaml", "steering", "SteeringFile"),
    "sessions": ("sessions.yaml", "sessions", "SessionsFile"),
    "said": ("said.yaml", "said", "SaidFile"),
    "scales": ("scales/*.yaml", "scales", "Scale"),
    "checkins": ("checkins.yaml", "checkins", "CheckinsFile"),
    "suicide": ("suicide.yaml", "suicide", "SuicideFile"),
    "wordings": ("wordings/*/*.yaml", "wordings", "Wording"),
}


def load(section: str, root: Path = ROOT) -> dict[str, Any]:
    """All files of a section as plain data, keyed by file name without its ending (`{"phq-9": {...}}`).

    Decimals are strings, dates are ISO strings; optional fields that are not set are absent.
    Raises `daybreak.knowledge.validate.Invalid` with every problem of the section if one of its files is not valid.
    """
    files = files_of(section, root)
    digest = _digest_of_inputs(section, files)
    cached = _read(digest)
    if cached is None:
        from daybreak.knowledge.validate import validated

        cached = validated(section, files)
        _write(digest, cached)
    return cached


@lru_cache(maxsize=64)
def loaded(section: str, root: Path = ROOT) -> Mapping[str, Any]:
    """The same for what is asked again and again: read once in a process. Whoever reads it changes nothing in it."""
    return load(section, root)


def files_of(section: str, root: Path = ROOT) -> dict[str, Path]:
    """The files of a section by name, in order."""
    return {path.stem: path for path in sorted(root.glob(SECTIONS[section][0]))}


def digest_of(value: Any) -> str:
    """The digest of plain data, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _digest_of_inputs(section: str, files: Mapping[str, Path]) -> str:
    made_of = [SCHEMA / "common.py", SCHEMA / f"{SECTIONS[section][1]}.py", *files.values()]
    digest = hashlib.sha256(section.encode())
    for path in made_of:
        content = path.read_bytes()
        digest.update(f"\0{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "daybreak" / "knowledge"


def _read(digest: str) -> dict[str, Any] | None:
    try:
        content = (_cache() / f"{digest}.json").read_bytes()
    except OSError:
        return None
    checksum, _, body = content.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        return None
    value: dict[str, Any] = json.loads(body)
    return value


def _write(digest: str, value: dict[str, Any]) -> None:
    """Put it there whole or not at all; a place that cannot be written only means that the next start is slower."""
    import tempfile  # only here: a start from the compiled copy does without it

    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        folder = _cache()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as temporary:
            temporary.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        os.replace(temporary.name, folder / f"{digest}.json")
    except OSError:
        return
