"""How fast is it, against a floor that was measured in the same run?"""
