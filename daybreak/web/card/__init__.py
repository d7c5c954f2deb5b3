"""What does a site answer, from its own records, to what a stranger asks of a clinic, and who published that?"""
