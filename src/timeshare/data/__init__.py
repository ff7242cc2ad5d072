"""Data sets: drawing them from a task, dividing them into splits, writing and reading them."""
