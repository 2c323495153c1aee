"""A page whose numbers are bound: model, binding, figures, tables, export, trace, renderers."""
