"""Was a talk offered in the days after a treatment, and did it take place?"""
