"""Settings of all tests: Hypothesis profiles, chosen by the environment variable HYPOTHESIS_PROFILE (dev, ci or nightly)."""

import os
import warnings

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "nightly",
    max_examples=5_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_sessionstart():
    """An accelerator built from other sources ends the run with one sentence, not with an error in each file of tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            import autograd  # noqa: F401
        except RuntimeWarning as stale:
            pytest.exit(str(stale), returncode=4)
