"""Which blocks are the story, and why the others are not."""
