"""What do we write to whoever else looks after a patient, who read it before it left, and did it arrive?"""
