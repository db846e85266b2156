"""Believable content for trying the site out: what `manage.py demo` fills it with.

`texts` says what people write, `pictures` draws what they show, `fill` stores it all.
"""
