"""Who looked up what a patient gets elsewhere in the state's prescription monitoring programme, and how often is it asked for?"""
