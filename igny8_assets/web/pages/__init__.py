"""The page: what people see in a browser."""
