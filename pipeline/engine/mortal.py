"""Read by the server process of a pool, and by nothing else: that process ends with the one that began it.

By itself it would stay as long as any process that it forked, and that may be one that hangs.
"""

import os

from pipeline.engine.supervise import die_with

die_with(os.getppid())
