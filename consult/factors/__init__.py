"""What signs somebody in beside their password: a code from an app, a passkey, a recovery code."""
