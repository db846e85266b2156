from django.contrib.auth.views import LogoutView
from django.urls import path

from ublog.interfaces.pages.accounts import site_views, views

app_name = "accounts"
urlpatterns = [
    path("login/", views.AccountLoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("register/", views.register, name="register"),
    path("register/sent/", views.check_mail, name="check-mail"),
    path("register/resend/", views.register, name="resend"),
    path("activate/<str:token>/", views.activate, name="activate"),
    path("password-reset/", views.password_reset, name="password-reset"),
    path("password-reset/<str:token>/", views.password_reset_confirm),
    path("password-change/", views.password_change, name="password-change"),
    path("email-change/", views.email_change, name="email-change"),
    path("email-change/<str:token>/", views.email_change_confirm),
    path("profile/", views.profile, name="profile"),
    path("email-notifications/", views.email_notifications, name="email-notifications"),
    path("profile/delete/", views.delete, name="delete"),
    path("sessions/<uuid:name>/end/", views.end_session, name="end-session"),
    path("sessions/end/", views.end_all_sessions, name="end-all-sessions"),
    path("site/", site_views.site_settings, name="site"),
    path("set-up/<str:token>/", site_views.set_up, name="set-up"),
    path("join/<str:token>/", site_views.join, name="join"),
    path("invitations/", site_views.invitations, name="invitations"),
    path("invitations/<int:pk>/end/", site_views.end_invitation, name="end-invitation"),
    path("rules/", site_views.rules, name="rules"),
    path("users/<str:username>/", views.user_detail, name="user"),
]
