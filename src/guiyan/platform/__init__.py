"""What every room stands on: settings, scope, audit, files, jobs, launcher, command line."""
