"""Who waits for an earlier time, and to whom is a freed chair offered?"""
