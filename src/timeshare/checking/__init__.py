"""Whether a class from outside the package keeps what its kind promises."""
