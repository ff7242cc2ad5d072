"""What the tables say, as figures and as a page."""
