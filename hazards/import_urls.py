from django.urls import path

from hazards.views import imports

app_name = "imports"
urlpatterns = [
    path("", imports.imports, name="list"),
    path("template.xlsx", imports.template, name="template"),
    path("<uuid:public_id>/", imports.job, name="job"),
    path("<uuid:public_id>/step/", imports.job_step, name="step"),
    path("<uuid:public_id>/remarks.csv", imports.remarks, name="remarks"),
]
