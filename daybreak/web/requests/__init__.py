"""What do people ask of the clinic itself: a complaint, a copy of their record, a correction, and by when is it answered?"""
