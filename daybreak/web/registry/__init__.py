"""What does a clinic's own registry say of how its treatments go, with who is missing from every figure?"""
