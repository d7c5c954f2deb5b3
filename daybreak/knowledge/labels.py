"""Which label does an entry of a record bear? (`labels.yaml`)"""

from __future__ import annotations

from collections.abc import Collection

from daybreak.knowledge.store import loaded


def label(*, therapy: str = "", conditions: Collection[str] = (), observation: str = "") -> str | None:
    """The first label that fits a kind of therapy, the concepts of a condition or the id of an observation; None: none."""
    for rule in loaded("labels")["labels"]["labels"]:
        begins = tuple(rule.get("observations", ()))
        if (
            therapy in rule.get("therapies", ())
            or not set(conditions).isdisjoint(rule.get("conditions", ()))
            or (observation and observation.startswith(begins))
        ):
            return str(rule["label"])
    return None
