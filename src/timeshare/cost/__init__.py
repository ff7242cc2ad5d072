"""What training costs: counted by formula, measured alone on the machine, and projected."""
