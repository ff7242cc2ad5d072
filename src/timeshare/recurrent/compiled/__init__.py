"""Compiled kernels for the CPU: a few pages of C, built once with the machine's own compiler."""
