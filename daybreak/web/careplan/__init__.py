"""What have patient and clinic planned together, who else reads it, and what did they add?"""
