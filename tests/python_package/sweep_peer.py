"""Sweeps in processes of their own: over MPI, slowly enough to be killed, and watched for memory."""

import sys
import time

import test_sweeps
from concurrent.futures import ThreadPoolExecutor


def mpi(out: str) -> None:
    from mpi4py.futures import MPIPoolExecutor

    with MPIPoolExecutor() as executor:
        test_sweeps.table(executor=executor).to_pickle(out)


class _Slow(ThreadPoolExecutor):
    """Waits before each task but the first; says when some are done."""

    count = 0

    def submit(self, *words):
        self.count += 1
        if self.count == 4:
            print("some rows are stored", flush=True)
            time.sleep(60)
        return super().submit(*words)


def slow(store: str) -> None:
    import chipmix

    chipmix.sweeps._FEWEST_AHEAD = 1
    chipmix.sweeps._workers = lambda executor: 0
    test_sweeps.table(executor=_Slow(1), store=store)


def resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def memory(store: str) -> None:
    """Bytes held after 1,000 of the points and after 10,000 of them."""
    import chipmix
    import numpy

    held = []

    def told(share: float) -> None:
        if not held and share > 0.1:
            held.append(resident())

    grid = {"job.tokens": numpy.linspace(1e12, 2e12, 1250).tolist(), "job.global_batch": [8 * i for i in range(1, 9)]}
    chipmix.sweep(test_sweeps.scenario(), grid, options="a", store=store, progress=told)
    print(held[0], resident())


if __name__ == "__main__":
    {"mpi": mpi, "slow": slow, "memory": memory}[sys.argv[1]](sys.argv[2])
