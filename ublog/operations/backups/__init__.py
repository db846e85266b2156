"""Backups: a directory that holds a site whole, and restores on either database.

`making.make` writes one, `checking.problems` reads it through, `restoring.restore` fills an empty
site with it. Format and guarantees: docs/adr/0008-one-kind-of-backup.md.
"""
