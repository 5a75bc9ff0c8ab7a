"""An SEO content pipeline on Dagster: keyword exports become reviewable, illustrated drafts."""
