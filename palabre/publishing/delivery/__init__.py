"""The delivery: planned, claimed, handed over, proved, and looked after."""
