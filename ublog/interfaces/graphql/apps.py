from django.apps import AppConfig


class GraphQLConfig(AppConfig):
    name = "ublog.interfaces.graphql"
    label = "interfaces_graphql"
