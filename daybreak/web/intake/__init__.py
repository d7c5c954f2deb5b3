"""What is a patient asked before the first visit, and how does it come to stand in the record?"""
