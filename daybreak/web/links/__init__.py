"""What may somebody do who holds a link, without an account?"""
