"""The health of a worker's container: has its worker said within the last ten seconds that it lives?"""

import socket
import sys

from dispatcher.crew import Crew
from dispatcher.redis_client import redis_of
from dispatcher.settings import load_settings

crew = Crew(redis_of(load_settings()))
alive = any(worker.host == socket.gethostname() for worker in crew.live_workers())
sys.exit(not alive)
