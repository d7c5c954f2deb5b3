"""To whom outside does a clinic write after what, and what stands in the letter? (`letters.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from daybreak.knowledge.store import loaded


def letters() -> dict[str, Mapping[str, Any]]:
    """By their ids, in order."""
    return {one["id"]: one for one in loaded("letters")["letters"]["letters"]}


def looks_back() -> timedelta:
    """Of what is older no letter is proposed."""
    return timedelta(days=loaded("letters")["letters"]["looks_back_days"])
