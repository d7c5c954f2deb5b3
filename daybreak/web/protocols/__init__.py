"""Which protocols are there, and which of them has this clinic adopted?"""
