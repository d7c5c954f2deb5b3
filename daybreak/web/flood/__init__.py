"""How does a page that is open to everybody stay open for everybody while somebody floods it?"""
