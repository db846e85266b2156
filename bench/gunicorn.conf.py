"""The product's gunicorn settings, for applications that are not the product."""

from runpy import run_path

product = run_path("deploy/gunicorn.conf.py")
# Hooks such as `when_ready` load the product's code before the fork.
globals().update({name: product[name] for name in product if not name.startswith(("_", "when_"))})
