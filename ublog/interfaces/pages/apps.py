from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "ublog.interfaces.pages"
    label = "interfaces_pages"
