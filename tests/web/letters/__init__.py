"""Are letters due after what they should be, read by a person, sent only with consent, and seen to arrive?"""
