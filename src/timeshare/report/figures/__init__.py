"""The figures and sentences of the report, one module a theme."""
