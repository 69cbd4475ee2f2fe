"""The addresses of the simulation, under `/api/v1/`."""

from django.urls import path

from simulation.api import ForecastView

urlpatterns = [path("members/<str:handle>/forecast/", ForecastView.as_view())]
