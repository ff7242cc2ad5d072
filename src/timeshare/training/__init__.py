"""Training and evaluating the members of a condition, and the files that a run leaves."""
