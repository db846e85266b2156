"""The command of graphene-django that writes the schema.

Its Django app has nothing else that is used here, and would load all of Graphene into the worker,
too: 17 MB.
"""

from graphene_django.management.commands.graphql_schema import Command

__all__ = ["Command"]
