"""The citizens' side of the web: webhooks and pages. Knows Flask; calls services, never storage."""
