"""Backups: a directory with a complete site, which can be restored on either database.

`create.make` creates one, `verify.problems` checks one, `restore.restore` fills an empty site with
one. Format and guarantees: docs/adr/0008-one-kind-of-backup.md.
"""
