"""The claims of the question, judged from the tables alone."""
