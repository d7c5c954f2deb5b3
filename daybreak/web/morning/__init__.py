"""What came while nobody was at work, and who has read it?"""
