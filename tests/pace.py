"""What makes Python itself quicker with tests: less asking the system for memory, less looking for rubbish."""

import gc

from _pytest.runner import runtestprotocol

ROOM = 2**16  # places on the stack, 8 bytes each


def pytest_collection_finish():
    """What is there now stays; and what a test leaves behind can wait a little, until it is collected."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_runtest_protocol(item, nextitem):
    """As pytest's own of this name, but in a frame with much room.

    Python keeps the frames of running functions in chunks of 16 KB, and takes a new chunk from the system
    where the last is full. Tests call views through pytest, Django and the middleware: where a chunk ends
    within a loop, the next one is taken and given back at each turn, which took a sixth of the time. For a
    frame that needs much room Python takes one large chunk, and all that a test calls has its place in it.
    """
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    runtestprotocol(item, nextitem=nextitem)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


pytest_runtest_protocol.__code__ = pytest_runtest_protocol.__code__.replace(co_stacksize=ROOM)
