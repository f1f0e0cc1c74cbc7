"""The reasons for which a text may be hidden or changed: for each percorso its list, in versions that stay readable."""
