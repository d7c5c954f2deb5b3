"""What do published models say of the blood in a session? Shown where a clinic switched it on; nothing else reads it."""
