"""Following something, and hearing of it: on the site, and by mail at the pace that one chooses."""
