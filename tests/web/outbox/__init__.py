"""Do notices leave, once when all goes well, and again when it does not?"""
