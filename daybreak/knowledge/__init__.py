"""KNOWS. Every number, list and sentence that we did not invent: dated YAML, each fact with its source.

`store` loads a section of it (validated once, then from a digest-checked cache); `schema` says what a valid file is;
`scales`, `terms` and `rules` turn the loaded data into the records that `clinical` decides with.
"""
