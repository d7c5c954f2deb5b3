"""Do the promises of Daybreak hold?"""
