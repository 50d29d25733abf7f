from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_part(request, template, part, context):
    """Render a page, or only its partial `part` where htmx asks for a piece of it."""
    name = f"{template}#{part}" if request.htmx and not request.htmx.boosted else template
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
