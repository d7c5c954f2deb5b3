"""What does somebody read who is a stranger here: no account, no cookie, nothing of a patient?"""
