"""The pen for PowerPoint: slides with text that stays text, and films that start by themselves."""
