"""Who is at a site, in which room, until when, and who is expected there?"""
