"""What do many people tell that one does not? Statistics on plain tables and arrays; no patient's record and no database."""
