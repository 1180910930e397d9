"""The places to publish on that every run of the contract plays: `STAGES`, one factory a scene."""
