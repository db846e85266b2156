from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ublog.accounts"

    def ready(self) -> None:
        from ublog.accounts import checks  # noqa: F401  it registers itself
