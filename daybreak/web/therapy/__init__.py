"""What does a therapist write down for themselves, and who else may ever read it?"""
