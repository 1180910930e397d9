"""The calendar: what leaves when, the days that count, and how a content is moved to another hour."""
