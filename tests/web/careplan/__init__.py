"""Is one page of care written with the patient, read as far as the patient says, and added to from outside?"""
