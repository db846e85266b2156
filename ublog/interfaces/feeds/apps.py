from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "ublog.interfaces.feeds"
    label = "interfaces_feeds"
