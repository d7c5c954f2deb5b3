"""What is in a clinic's cupboard, where did it go, and who answers for it?"""
