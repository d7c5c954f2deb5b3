"""Was this already done? Keys of requests, so that a double click or a retry changes nothing twice."""
