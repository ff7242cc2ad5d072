"""Networks outside the recurrent family, which recurrent ones are compared with.

One kind a file. They read a whole sequence at once, and are trained by the same loop, in batches of
members.
"""

SUPPORT = ("architecture", "network")
"""Modules of this package that define no reference."""
