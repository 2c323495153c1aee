"""The only writers: `calling` (settings, convocations), `agenda` (files, interests), `sitting` (presence,
opinions), `minutes`.
"""
