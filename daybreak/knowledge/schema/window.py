"""When after a treatment does the time for a talk begin and end, and over how many days is it counted?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from daybreak.knowledge.schema.common import Fact


class WindowFile(Fact):
    opens_hours: Annotated[int, Field(ge=1)]
    closes_hours: Annotated[int, Field(ge=1)]
    counted_days: Annotated[int, Field(ge=1)]
