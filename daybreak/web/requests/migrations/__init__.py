"""The tables of complaints and requests."""
