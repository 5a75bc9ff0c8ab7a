"""A language model on this machine, served as the OpenAI API has it."""
