"""Does a psychotherapy note stay with its author?"""
