"""The look of the registry: templates, components, forms, style, headers. No model, no rule, no database."""
