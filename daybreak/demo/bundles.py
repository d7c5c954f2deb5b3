"""How do the demo's patients become files that any FHIR R4 reader can read?"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from daybreak.demo.patients import SEED, stories


def write(folder: Path, *, today: date, seed: int = SEED) -> int:
    """One collection bundle for each patient, as known on that day; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    told = stories(today, seed=seed)
    for story in told:
        text = json.dumps(story.record.bundle(), indent=1, ensure_ascii=False)
        (folder / f"{story.record.id}.json").write_text(text, encoding="utf-8")
    return len(told)
