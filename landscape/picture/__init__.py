"""What a picture shows, as plain data under every pen: scenes, looks, sizes, numbers."""
