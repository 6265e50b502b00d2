"""What is kept: conversations with their progress, and every activity that came in or goes out."""
