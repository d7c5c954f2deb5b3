"""Which treatments owe the programme of the REMS a form, what stands in it, and who signed it?"""
