"""What is written of a treatment session when it is put on paper: the whole record, the hand-out, the hand-over?"""
