from django.apps import AppConfig


class OAuthConfig(AppConfig):
    name = "ublog.accounts.oauth"
    label = "oauth"
    default_auto_field = "django.db.models.BigAutoField"
