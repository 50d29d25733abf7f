"""Who is signed in: the library's way, with what nearly every page asks of them."""

from functools import cache

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


@cache
def everybody():
    """Return a query for all accounts, put together once, since every page asks for one of them."""
    return User.objects.with_places()


class Backend(AuthenticationBackend):
    def get_user(self, user_id):
        """Fetch the account of a session with its schools and districts, in one query."""
        user = everybody().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
