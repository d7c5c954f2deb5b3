"""What does a FHIR R4 record say in our words? Bytes or dicts in, charts out; whatever is not understood is listed."""

from daybreak.exchange.fhir.bundle import charts
from daybreak.exchange.fhir.reader import read

__all__ = ["charts", "read"]
