"""The pages that a site already has: reading them from sitemaps and tables, and keeping them."""
