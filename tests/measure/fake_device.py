"""A device that is only a clock, for tests of what is measured, in which order, and for how long."""


class FakeDevice:
    """Every call of an operator takes the same time, by a clock that only moves when the device works."""

    backend, dtypes, full_queue, index = "fake", ("bf16",), True, 0

    def __init__(self, seconds=0.001):
        self.now, self.seconds, self.calls = 0.0, seconds, 0

    def clock(self):
        return self.now

    def work(self, _index=0):
        self.calls += 1
        self.now += self.seconds

    def elapsed(self, row, calls):
        start = self.now
        row()
        return self.now - start

    def facts(self):
        return {"name": "fake", "backend": "cuda"}

    def software(self):
        return {"torch": "none"}

    def synchronize(self):
        pass

    empty_cache = reset_peak = synchronize

    def peak_bytes(self):
        return 12345

    def clock_and_power(self):
        return 1500.0, None
