"""The engine measured: what a run costs beside a bare pool, what a change costs, memory, and growth."""
