"""The only writers of searches, broken glasses, second persons and exports."""
