"""Who may read an entry that bears a label: substance use, psychotherapy, pregnancy?"""
