"""The desk on which the plan office reads and tags all contributions."""
