"""What was seen that could be misuse, without accusing anybody: what else it may come of, tests, and who talked about it."""
