"""What is a patient asked at home between treatments, and what came of it?"""
