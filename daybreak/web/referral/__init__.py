"""How does somebody outside send us a patient, and how do they hear what became of it?"""
