"""How people reach the assistant: one file, or one family of files, for each channel."""
