"""How does a clinician open a record of another site in an emergency, and who looks at it afterwards?"""
