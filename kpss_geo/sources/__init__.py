"""Files in, tables out: one module per kind of source.

Each module finds or reads a file, verifies it, parses it and says where it came from.
What can be used is given back together with the findings about what cannot.
"""
