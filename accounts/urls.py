from django.urls import path

from accounts import mail_views, views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/email/", views.change_email, name="change_email"),
    path("profile/email/code/", views.confirm_email, name="confirm_email"),
    path("profile/code/", views.code_again, name="code_again"),
    path("profile/sessions/", views.session_list, name="sessions"),
    path("profile/sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
    path("profile/sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("profile/accounts/<int:pk>/part/", views.part, name="part"),
    path("profile/mails/", mail_views.mail_settings, name="mail_settings"),
    path("profile/mails/off/<str:token>/", mail_views.turn_off, name="turn_off"),
    path("mails/", mail_views.mailbox, name="mailbox"),
    path("mails/<slug:key>/", mail_views.mailbox_mail, name="mailbox_mail"),
    path("mails/<slug:key>/html/", mail_views.mailbox_html, name="mailbox_html"),
    path("language/", views.language, name="language"),
]
