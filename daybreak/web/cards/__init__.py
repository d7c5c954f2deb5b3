"""What does the clinic itself say is to be done in an emergency, and who signed that?"""
