"""What a process compiles once, by its environment and its kind of database."""

from ublog.accounts import reading
from ublog.accounts.models import CustomUser
from ublog.blog import compiled_reads
from ublog.blog.models import Post
from ublog.core import site_settings


def forget_compiled():
    """Forget all of it, and the settings of the site: a test has changed what they depend on."""
    site_settings.forget()
    for name, compiled in vars(compiled_reads).items():
        if hasattr(compiled, "cache_clear") and name != "cache":
            compiled.cache_clear()
    reading.compiled_condition.cache_clear()
    for manager in (CustomUser.objects, Post.objects):
        for name in ("_active", "_by_pk", "_rows", "_rows_of"):
            vars(manager).pop(name, None)
