from django.urls import path

from bench import bare
from config.urls import urlpatterns as real

urlpatterns = [
    path("bare/rows/<int:queries>/<int:rows>/", bare.rows),
    path("bare/tick/<int:pk>/", bare.tick),
    *real,
]
