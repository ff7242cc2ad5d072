"""The cost of training: counted by formula, measured alone on the machine, and projected."""
