"""Does anybody monitor the treatments that go on, and is an alarm heard where people are?"""
