"""Who is at this screen, and how do they show that it is still they?"""
