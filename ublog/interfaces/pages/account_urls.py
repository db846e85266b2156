from django.contrib.auth.views import LogoutView
from django.urls import path

from ublog.interfaces.pages import accounts

app_name = "accounts"
urlpatterns = [
    path("login/", accounts.SignInView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("register/", accounts.register, name="register"),
    path("register/sent/", accounts.check_mail, name="check-mail"),
    path("register/resend/", accounts.register, name="resend"),
    path("activate/<str:token>/", accounts.activate, name="activate"),
    path("password-reset/", accounts.password_reset, name="password-reset"),
    path("password-reset/<str:token>/", accounts.password_reset_confirm),
    path("password-change/", accounts.password_change, name="password-change"),
    path("email-change/", accounts.email_change, name="email-change"),
    path("email-change/<str:token>/", accounts.email_change_confirm),
    path("profile/", accounts.profile, name="profile"),
    path("profile/delete/", accounts.delete, name="delete"),
    path("sessions/<uuid:name>/end/", accounts.end_session, name="end-session"),
    path("sessions/end/", accounts.end_all_sessions, name="end-all-sessions"),
    path("users/<str:username>/", accounts.person, name="person"),
]
