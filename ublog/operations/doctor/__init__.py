"""`manage.py doctor`: what works, what does not, and what to do. Each check stands alone."""
