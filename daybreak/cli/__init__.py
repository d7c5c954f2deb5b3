"""RUNS. Typed commands; straight-line calls, no logic."""
