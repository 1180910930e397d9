"""A real Bluesky network on loopback, and the contract played against it."""
