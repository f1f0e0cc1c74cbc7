"""What somebody has filled in and goes on with later, on this device or another."""
