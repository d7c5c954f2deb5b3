"""What is decided about a patient, on which grounds, and who signed it?"""
