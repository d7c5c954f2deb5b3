"""What did a prescriber order for a treatment, what comes of it, and what did the clinic sign before?"""
