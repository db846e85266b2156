"""Graphene's command. Its Django app has nothing else that we use, and would load all of Graphene
into the worker, too: 19 MB."""

from graphene_django.management.commands.graphql_schema import Command

__all__ = ["Command"]
