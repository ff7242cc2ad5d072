"""What claims and report share: evidence from the tables, pairs, estimates and intervals."""
