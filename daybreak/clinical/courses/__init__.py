"""How does a course of treatment run: what is planned, what happened, and where do the two part?"""
