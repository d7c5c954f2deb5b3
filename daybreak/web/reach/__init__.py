"""How are a patient, and people outside the clinic, reached, and when does nothing go to them?"""
