"""PRETENDS. Synthetic patients that use the real front doors."""
