"""The batch: which stage results a run needs, how each is made, and how they become a release."""
