"""The pages of django-allauth that this product has. Sign-up is there to say that it is closed."""

from allauth.account import views
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from accounts import signing_in

urlpatterns = [
    path("login/", signing_in.SignIn.as_view(), name="account_login"),
    path(
        "login/code/",
        login_not_required(views.request_login_code),
        name="account_request_login_code",
    ),
    path(
        "login/code/enter/",
        login_not_required(signing_in.ConfirmCode.as_view()),
        name="account_confirm_login_code",
    ),
    path(
        "login/passkey/",
        login_not_required(signing_in.SignInByPasskey.as_view()),
        name="mfa_login_webauthn",
    ),
    path("login/with/<slug:provider_id>/", signing_in.at_provider, name="openid_connect_login"),
    path(
        "login/with/<slug:provider_id>/back/",
        signing_in.from_provider,
        name="openid_connect_callback",
    ),
    path(
        "login/with-nobody/", signing_in.gave_up_at_provider, name="socialaccount_login_cancelled"
    ),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", signing_in.set_password, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("second-step/", second_step.index, name="mfa_index"),
    path("second-step/code/", signing_in.enter_code, name="mfa_authenticate"),
    path("second-step/code/again/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path("second-step/set-up/", signing_in.set_up_app, name="mfa_activate_totp"),
    path("second-step/turn-off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "second-step/spare-codes/",
        signing_in.spare_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-step/spare-codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", signing_in.add_passkey, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path(
        "passkeys/again/",
        signing_in.PasskeyAgain.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
]
