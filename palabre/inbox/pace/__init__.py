"""What is promised to who writes: hours, dues, what happens when one passes, and the figures of answering."""
