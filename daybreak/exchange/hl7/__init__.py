"""What does a device at the bedside say in our words? Bytes of HL7 v2 in, records out, answers back; no network, no database."""

from daybreak.exchange.hl7.answer import answer
from daybreak.exchange.hl7.message import Unreadable
from daybreak.exchange.hl7.report import Alarm, Kind, Observation, PumpEvent, Report, read

__all__ = ["Alarm", "Kind", "Observation", "PumpEvent", "Report", "Unreadable", "answer", "read"]
