"""In which order did the tables of this app come to be what they are?"""
