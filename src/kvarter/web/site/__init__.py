"""The site put together: its configuration, settings, addresses and commands."""
