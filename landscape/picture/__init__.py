"""What a picture shows, as plain data under every pen: panels, axes, looks, sizes, numbers."""
