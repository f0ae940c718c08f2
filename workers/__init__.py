"""The workers: thin Celery wiring over the use cases. Run them with `dispatch worker`."""
