"""Hidden checks: one folder per assignment, one file per graded task."""
