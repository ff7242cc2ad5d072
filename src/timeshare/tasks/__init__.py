"""The rules that generate labelled sequences, and the real data sets of sequences."""
