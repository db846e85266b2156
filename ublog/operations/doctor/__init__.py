"""`manage.py doctor`: what works, what does not, and what to do. Checks are independent."""
