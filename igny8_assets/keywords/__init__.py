"""Reading keyword exports: from a file as people have it to clean, merged rows."""
