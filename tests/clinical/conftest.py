"""What does every test of `clinical` begin with?"""

from __future__ import annotations

import pytest

from daybreak.clinical.screening.scales import scorer
from daybreak.knowledge import scales


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Scorers are made anew in each test: what an earlier test made could hide that the code has changed since."""
    scorer.cache_clear()
    for remembered in (scales.scale, scales.data):
        if hasattr(remembered, "cache_clear"):
            remembered.cache_clear()
