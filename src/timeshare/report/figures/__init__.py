"""The figures of the report, one in each file; further ones are listed in the configuration."""
