"""Mail: written in the transaction of what it tells of, and sent afterwards by the worker."""
