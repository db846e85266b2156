from django.apps import AppConfig


class VueAppConfig(AppConfig):
    name = "ublog.interfaces.app"
    label = "interfaces_app"
