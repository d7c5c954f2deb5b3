"""How does a day of a site end, so that nothing is left in nobody's hands?"""
