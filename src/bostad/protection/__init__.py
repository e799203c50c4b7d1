"""What protects a household beyond consent: exclusions, necessity, the reservation, heightened protection."""
