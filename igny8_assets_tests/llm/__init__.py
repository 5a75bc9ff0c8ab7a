"""What asks a real language model, which writes nonsense: its answers hold, or fail with a reason."""
