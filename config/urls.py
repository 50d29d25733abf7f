from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.signin_urls")),
    path("", include("accounts.urls")),
    path("", include("partnerships.urls")),
    path("", include("checklists.urls")),
    path("", include("evaluations.urls")),
    path("", include("desk.urls")),
]
