"""TRANSLATES. Other people's formats into our records and back; no network, no database."""
