"""Which harm was there, in a treatment or between two, and who has judged it?"""
