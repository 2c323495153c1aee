"""This publication: an edition's content, its build, its checks."""
