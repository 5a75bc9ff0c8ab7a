"""Who answers: engine, providers, prompts and schemas."""
