"""What a surface and the paths over it are like: measured, certified, said with its limits."""
