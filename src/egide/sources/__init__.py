"""One schema per institution, and the gate all deliveries pass."""
