"""From a feed to contents: what is new there becomes a draft, or a content planned on its own."""
