"""How does Daybreak speak to PostgreSQL? As Django does, but a page asks once less whether it is still there."""
