"""What does a patient write down for themselves, and who may read it?"""
