"""What the server process of the harness's pools has read before it forks: the package with its tables."""

from pipeline.engine import stages
from pipeline.store.seeds import Options

stages.warm(Options())
