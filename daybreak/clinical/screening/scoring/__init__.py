"""How is a rating scale scored? One file for each named method; the numbers of each scale are knowledge."""
