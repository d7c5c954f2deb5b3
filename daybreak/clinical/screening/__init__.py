"""Is this treatment-resistant depression, and does anything interfere with treatment?"""
