"""Signing in through a provider of digital identity: SPID, CIE and others, by OpenID Connect."""
