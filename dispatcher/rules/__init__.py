"""Pure rules: standard library only, no clock, no network; `now` is an argument."""
