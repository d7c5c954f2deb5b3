"""Which rating scales are asked here, what came of them, and how do they run over time?"""
