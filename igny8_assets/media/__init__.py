"""Image files: drawing and encoding them, and where they live."""
