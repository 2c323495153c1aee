"""The pages of a commission: `home` (calendar, settings, convocation), `session` (one session), `acts` (its acts)."""
