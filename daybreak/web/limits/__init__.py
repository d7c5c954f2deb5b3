"""By which limits and for how many minutes does a site watch its patients, and who signed that?"""
