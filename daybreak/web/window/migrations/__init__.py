"""The table of talks after treatments."""
