"""Who has said that they are there, and in which hours of the week?"""
