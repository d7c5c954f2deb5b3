"""What is seen of the sessions that go on: one of them from the chair, all of them from the desk and the wall?"""
