from django.apps import AppConfig


class CompareConfig(AppConfig):
    """The app of the pages that show code, and compare the five interfaces."""

    name = "ublog.interfaces.compare"
    label = "interfaces_compare"
