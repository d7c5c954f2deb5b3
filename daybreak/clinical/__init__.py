"""DECIDES. Pure functions and frozen records for every clinical question; standard library only."""
