"""Does a patient write for themselves, and does nobody read it whom they did not choose?"""
