"""How does something that we say become a paper: a PDF that is kept as it was made and can be held against its hash?"""
