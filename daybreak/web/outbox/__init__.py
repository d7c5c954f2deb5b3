"""How does a notice leave the clinic: to whom, by which way, when again, and what happened to it?"""
