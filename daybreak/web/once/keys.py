"""Is this request new, a repetition, or another one under the same key?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from daybreak.web import ids
from daybreak.web.once.models import Answered
from daybreak.web.refusals import Conflict


def known(key: UUID, *, action: str, content: Mapping[str, Any]) -> UUID | None:
    """The earlier answer to the same request; None when it is new; Conflict when the key was used for something else."""
    earlier = Answered.objects.filter(key=key).first()
    if earlier is None:
        return None
    if (earlier.action, earlier.digest) != (action, _digest(content)):
        raise Conflict("once.other_content")
    return earlier.answer


def remember(
    key: UUID, *, action: str, content: Mapping[str, Any], answer: UUID, organisation_id: UUID, at: datetime
) -> None:
    """Keep the answer, in the transaction that gave it: when that is undone, so is this."""
    Answered.objects.create(
        id=ids.new(),
        organisation_id=organisation_id,
        created=at,
        key=key,
        action=action,
        digest=_digest(content),
        answer=answer,
    )


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
