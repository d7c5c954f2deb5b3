"""The tables of plans of care."""
