"""Measure μblog beside a bare server and common alternatives.

See README.md here.
"""
