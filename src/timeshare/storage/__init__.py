"""Files that are whole or absent, checkpoints, provenance, random streams and job logs."""
