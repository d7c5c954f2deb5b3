"""Is this a demo, and who is one in it? A demo's database carries a mark; every patient in it is made up."""
