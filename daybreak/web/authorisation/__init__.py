"""How does a payer come to pay for a treatment: what was asked, answered, approved, used, denied and fought for?"""
