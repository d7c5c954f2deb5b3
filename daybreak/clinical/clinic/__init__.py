"""Is the clinic good, as far as its own records say?"""
