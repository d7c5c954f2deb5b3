"""The tables of transfers."""
