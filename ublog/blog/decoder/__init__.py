"""Decode one image in a process of its own, and re-encode it if it is acceptable.

    python -I ublog/blog/decoder accept < upload > result
    python -I ublog/blog/decoder renditions < image > result

Nothing but Pillow is imported, so that starting takes 30 ms and 15 MB. An image that costs more
than the bounds in `__main__.py` ends this process, and nothing else. Called by `images.py`; the
demo, which draws its images, calls `jobs.accept`. What becomes of each kind of file is in
docs/pictures.md.
"""
