"""What stands below the picture, one file a tab."""
