"""Is it written down whether a talk followed a treatment, and is silence never counted as one?"""
