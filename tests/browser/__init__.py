"""Does it work for a person? The clinic as it is served, in a real browser."""
