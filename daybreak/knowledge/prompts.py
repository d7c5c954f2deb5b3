"""Which look-alikes, risk factors and other uses are asked about?"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from daybreak.clinical.screening.risk import Prompt
from daybreak.knowledge.store import ROOT, load


@lru_cache(maxsize=4)
def prompts(root: Path = ROOT) -> tuple[Prompt, ...]:
    """All prompts, in order."""
    return tuple(
        Prompt(p["id"], p["kind"], p.get("concept"), p.get("sex"), frozenset(p["admitted_for"]))
        for p in load("prompts", root)["prompts"]["prompts"]
    )
