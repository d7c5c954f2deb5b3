"""Which rule sets, dose tables and staging models are there? Knowledge turned into the records that `clinical` takes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from daybreak.clinical.screening.claims import ClaimsRule
from daybreak.clinical.screening.rules import DoseTable, TrialRules
from daybreak.clinical.screening.staged import Models
from daybreak.clinical.screening.staging import Agent, MsmTable
from daybreak.clinical.screening.view import Words
from daybreak.knowledge.store import ROOT, load
from daybreak.knowledge.terms import terms


@lru_cache(maxsize=4)
def trial_rules(root: Path = ROOT) -> Mapping[str, TrialRules]:
    """Every rule set by id, with its dose table."""
    tables = {
        t["id"]: DoseTable(t["id"], {i: Decimal(mg) for i, mg in t["minimum"].items()})
        for t in load("dose_tables", root).values()
    }
    return {r["id"]: _rules(r, tables) for r in load("trial_rules", root).values()}


def _rules(r: Mapping[str, Any], tables: Mapping[str, DoseTable]) -> TrialRules:
    return TrialRules(
        id=r["id"],
        dose_table=tables[r["dose_table"]],
        minimum_days=r["minimum_days"],
        bridge=r["bridge"],
        failed_below=Decimal(r["failed_below"]),
        failed_inclusive=r["failed_inclusive"],
        response_from=Decimal(r["response_from"]),
        combination_start=r["combination_start"],
        combination_overlap=r["combination_overlap"],
        score_window=r["score_window"],
        adherence_from=Decimal(r["adherence_from"]),
        steps_needed=r["steps_needed"],
        intolerance_counts=r["intolerance_counts"],
        classes_needed=r["classes_needed"],
    )


def default_rules(root: Path = ROOT) -> TrialRules:
    """The rule set that the Maudsley stage rests on, which is our default."""
    return trial_rules(root)[load("staging", root)["msm"]["rules"]]


@lru_cache(maxsize=4)
def models(root: Path = ROOT) -> Models:
    """The numbers of every staging model."""
    files = load("staging", root)
    m, g, k = files["msm"], files["mgh-s"], files["kim"]
    known = terms(root)
    rules = trial_rules(root)
    return Models(
        msm=MsmTable(
            duration_months=tuple((s.get("up_to"), s["points"]) for s in m["duration_months"]),
            severity=m["severity"],
            failures=tuple((s.get("up_to"), s["points"]) for s in m["failures"]),
            augmentation=int(m["augmentation"]),
            ect=int(m["ect"]),
            stages=tuple((s["up_to"], s["name"]) for s in m["stages"]),
        ),
        msm_rules=rules[m["rules"]],
        mgh_points={key: Fraction(g[key]) for key in ("failed_trial", "augmentation", "ect")},
        mgh_rules=rules[g["rules"]],
        agents=tuple(
            Agent(a["ingredient"], *(Decimal(a[key]) if key in a else None for key in ("minimum", "level")))
            for a in files["agents"]["agents"]
        ),
        augmentation_days=m["minimum_days"],
        ect_sessions=m["ect_sessions"],
        kim_days=k["minimum_days"],
        kim_needed=k["needed"],
        psychotherapy_sessions=files["psychotherapy"]["psychotherapy_sessions"],
        antidepressants=known.antidepressants,
        antipsychotics=frozenset(i for i, classes in known.classes.items() if "antipsychotic" in classes),
    )


@lru_cache(maxsize=4)
def claims_rules(root: Path = ROOT) -> Mapping[str, ClaimsRule]:
    """The claims rules by id."""
    fields = (
        "window_days",
        "antidepressants",
        "antipsychotics",
        "before_index",
        "with_antipsychotic",
        "with_esketamine",
    )
    return {
        c["id"]: ClaimsRule(
            id=c["id"],
            **{key: c.get(key) for key in fields},
            diagnosis=tuple(c["diagnosis"]),
            excluded=tuple(c["excluded"]),
        )
        for c in load("claims", root).values()
    }


@lru_cache(maxsize=4)
def words(root: Path = ROOT) -> Words:
    """What the facts need to know about medicines, rule sets and scales."""
    known = terms(root)
    return Words(
        classes=known.classes,
        antidepressants=known.antidepressants,
        trial_rules=trial_rules(root),
        depression_scales=tuple(load("staging", root)["scales"]["scales"]),
    )
