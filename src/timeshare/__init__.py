"""Timeshare: why recurrent networks share their weights through time, settled by measurement."""
