"""The tables of authorisations."""
