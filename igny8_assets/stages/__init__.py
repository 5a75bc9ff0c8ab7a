"""How one entity becomes the next, and the one loop that does it."""
