"""To what has a patient agreed: what was said, what was understood, who signed, until when does it hold, and who took it back?"""
