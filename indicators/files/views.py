"""The files for staff."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from accounts.access import requires
from indicators import dashboard, policies
from indicators.files import catalogue
from trainings.models import Programme

edge = Blueprint("files", __name__)


@edge.get(f"/programmes/<uid:programme>/{catalogue.ADDRESS}")
@requires(policies.may_see_indicators, programme=Programme)
def download(programme: Programme, file_name: str) -> Any:
    return catalogue.answer(file_name, dashboard.compute(programme))


@edge.get("/programmes/<uid:programme>/files")
@requires(policies.may_see_indicators, programme=Programme)
def list_files(programme: Programme) -> Any:
    return render_template("indicators/files.html", programme=programme, files=catalogue.FILES.values())
