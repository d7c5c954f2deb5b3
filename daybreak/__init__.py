"""Daybreak runs the published rules for ketamine and esketamine in treatment-resistant depression."""

__version__ = "0.1.0"
