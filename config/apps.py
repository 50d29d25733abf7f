from django.contrib.admin.apps import AdminConfig


class AlongsideAdminConfig(AdminConfig):
    default_site = "config.admin_site.AlongsideAdminSite"
