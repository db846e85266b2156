"""The product's gunicorn settings, for applications that are not the product."""

from runpy import run_path

product = run_path("deploy/gunicorn.conf.py")
# What is loaded before the fork is the product's own matter.
globals().update({name: product[name] for name in product if not name.startswith(("_", "when_"))})
