"""How is a course of treatment planned and booked, and what came of each visit?"""
