"""Who did or saw what? Rows that cannot be changed unnoticed."""
