"""Who is treated here, what is known about them, and who recorded it?"""
