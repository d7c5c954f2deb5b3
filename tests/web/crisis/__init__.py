"""Are the numbers there when somebody needs them?"""
