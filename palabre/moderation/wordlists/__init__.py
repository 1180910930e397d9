"""Words a brand watches for, and what is done where they are said: engine, lists, trying, running."""
