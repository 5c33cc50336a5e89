"""Homework: assignments built from masters, graded by nbgrader, judged outside the student's kernel."""
