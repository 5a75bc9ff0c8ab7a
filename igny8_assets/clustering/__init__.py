"""Keywords to topics: embedding, grouping, naming."""
