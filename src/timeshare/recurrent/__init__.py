"""Recurrent networks: cells, schedules of their weights, and the network that joins them."""
