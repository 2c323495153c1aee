"""The only writers of exit paths: `filing` (the association), `examining` and `deciding` (the prefecture), `appeals`,
`paths` (periods, suspensions, ends), `rights`, `transfers`, `outcomes`, `choices`. `reading` opens a file, and says so.
"""
