from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.devices import in_words

register = template.Library()
register.filter("device", in_words)


@register.simple_tag
def demo_accounts():
    """The accounts of the demo district, where this installation is one."""
    if not settings.DEMO:
        return []
    return [
        {"email": "coordinator@demo.example", "who": _("coordinator of two schools")},
        {"email": "partner@demo.example", "who": _("contact person of a partner")},
        {"email": "district@demo.example", "who": _("admin of the district")},
        {"email": "operator@demo.example", "who": _("operator, who may do everything")},
    ]
