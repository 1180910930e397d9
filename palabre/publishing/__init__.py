"""The way out: compose → approve → schedule → publish → measure."""
