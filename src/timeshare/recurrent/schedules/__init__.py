"""Schedules, one file each; a schedule never knows which cell uses its weights."""
