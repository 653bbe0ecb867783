"""Other people's programs that tests run."""

import os
import shutil
from pathlib import Path

import pytest


@pytest.fixture
def soffice(tmp_path: Path) -> list[str]:
    """LibreOffice. Without it, the test is skipped on a developer's machine and fails where CI=true."""
    program = shutil.which("soffice")
    if program is None and os.environ.get("CI") != "true":
        pytest.skip("LibreOffice is not installed")
    assert program is not None
    return [program, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
