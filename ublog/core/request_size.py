"""How large a request may be: for the interfaces, and for the gunicorn worker before them.

It imports nothing, since the worker has no settings yet.
"""

MAX_IMAGE = 16 * 2**20  # bytes
MAX_REQUEST = MAX_IMAGE + 2**20  # bytes: an image, and the text around it
