"""The tables of psychotherapy notes."""
