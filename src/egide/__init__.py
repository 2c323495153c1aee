"""Égide: institutions' deliveries go in; a Letter whose every number is traced, checked and safe comes out."""
