"""A picture of a site's clusters: as a page that a browser opens, and small."""
