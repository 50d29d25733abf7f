"""What a page shows of the community's voice, with its own queries."""

from django import template

from desk.voices import published_voices
from evaluations.doors import public_door

register = template.Library()


@register.inclusion_tag("desk/voices/public.html")
def public_voices(page):
    """On a public page: the form's address while it is open, and the voices that may be shown."""
    door = public_door(page)
    return {"door": door, "voices": published_voices(page.partnership) if door else []}
