"""What does a test of devices find ready? A session of today, and a monitor that has sent something."""

from __future__ import annotations

import pytest

from daybreak.web import ids
from daybreak.web.bedside import actions
from daybreak.web.bedside.models import Device
from tests.web.bedside.monitor import NAME, Monitor
from tests.web.switches.samples import everything_on
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]


@pytest.fixture
def monitor(session, noon, doctor) -> Monitor:
    """It has sent one message, and belongs to nobody yet, where everything that comes live is switched on."""
    everything_on(session.site, doctor)
    found = Monitor(noon)
    found.sends()
    return found


@pytest.fixture
def bound(monitor, session, nurse):
    """The nurse has said that it measures the patient of the session."""
    return actions.bind(session, Device.objects.get(name=NAME), by=nurse, at=monitor.at, key=ids.new())
