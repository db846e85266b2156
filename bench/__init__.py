"""What μblog costs, measured beside a bare server and what people would write otherwise.

See README.md here.
"""
