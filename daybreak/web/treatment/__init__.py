"""The treatment session: what happens in it, what may be done, and how it ends."""
