"""Telling people what happened: the channels of a site, and delivering what stands in the outbox."""
