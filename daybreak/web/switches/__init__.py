"""Who switched the live functions of a site on or off?"""
