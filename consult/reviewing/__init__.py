"""What those who write the plan say to each other about its parts, and how far each part is: never public."""
