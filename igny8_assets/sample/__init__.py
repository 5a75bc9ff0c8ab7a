"""The demo site and its keywords: an invented shop, and figures written as an illustration, not measured."""
