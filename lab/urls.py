"""The pages of the lab: one's runs, the wizard, a run and its report, its files, two runs side by side, findings."""

from django.urls import path

from lab.views import compare, exports, findings, runs, wizard

app_name = "lab"
RUN = "lab/runs/<uuid:id>/"
urlpatterns = [
    path("lab/", runs.runs, name="runs"),
    path("lab/new/", wizard.new, name="new"),
    path("lab/compare/", compare.compare, name="compare"),
    path("lab/live-test/", findings.live_test, name="live_test"),
    path("lab/sensitivity/", findings.sensitivity, name="sensitivity"),
    path(RUN, runs.run, name="run"),
    path(f"{RUN}cancel/", runs.cancel, name="cancel_run"),
    path(f"{RUN}retry/", runs.retry, name="retry_run"),
    path(f"{RUN}scenario.toml", exports.scenario_toml, name="run_toml"),
    path(f"{RUN}report.json", exports.report_json, name="run_json"),
    path(f"{RUN}report.csv", exports.report_csv, name="run_csv"),
    path(f"{RUN}report.parquet", exports.report_parquet, name="run_parquet"),
    path(f"{RUN}differences.csv", exports.differences_csv, name="run_differences"),
    path(f"{RUN}segments.csv", exports.segments_csv, name="run_segments"),
]
