"""What people wrote in their own words, read and coded by two people, counted, and quoted where they agreed to it."""
