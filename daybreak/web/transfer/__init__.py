"""How does a patient go on somewhere else: one packet that leaves, and a receipt that comes back?"""
