"""Generated users, posts, images and likes, for `manage.py demo`.

`texts` generates texts, `pictures` draws images, and `fill` stores them.
"""
