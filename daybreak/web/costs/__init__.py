"""What does somebody read of what a course costs, before they have a clinic?"""
