"""Pages of the hotline's own: call-backs, the rota, stops. The operator's screen stands in `web`."""
