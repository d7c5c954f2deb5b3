"""What becomes of a text that somebody sends to the clinic?"""
