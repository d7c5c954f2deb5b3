"""By which steps did the tables of the texts that come become what they are?"""
