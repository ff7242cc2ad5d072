"""Compiled kernels for the CPU, in C, built once with the compiler of the machine."""
