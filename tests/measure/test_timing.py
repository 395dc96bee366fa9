"""Is a time what it says: of one call, on the device, without the warm-up, and within the time given?"""

import statistics

import chipmix_measure as measure
import pytest
from fake_device import FakeDevice


def sample_time(device, seconds=1.0, limit=10.0):
    return measure.SampleTime(device.clock, seconds, limit)


def item(call, flop=0.0, how="device", **fields):
    sample = {"kind": "gemm", "dtype": "bf16", "m": 1, "n": 1, "k": 1, **fields}
    return measure.Item(sample, lambda device, s: (call, {}), "a test", how, flop)


def session(device, seconds):
    return measure.Session(device, measure.Budget(seconds, device.clock), 5.0)


def test_is_a_time_that_of_one_call(device):
    times = measure.row_times(device, device.work, sample_time(device))
    assert measure.LEAST <= len(times) <= measure.MOST
    assert times == pytest.approx([device.seconds] * len(times))


def test_are_the_first_calls_left_out(device):
    def slow_at_first(index):
        device.now += 1.0 if device.calls < measure.WARM_UP else 0.0
        device.work(index)

    times = measure.row_times(device, slow_at_first, sample_time(device))
    assert max(times) == pytest.approx(device.seconds)


def test_do_short_calls_run_in_rows_and_long_ones_alone():
    def calls_of_a_row(seconds):
        device, rows = FakeDevice(seconds), []
        plain = device.elapsed
        device.elapsed = lambda row, calls: rows.append(calls) or plain(row, calls)
        measure.row_times(device, device.work, sample_time(device))
        return rows[-1]

    assert calls_of_a_row(1e-6) == measure.MOST_CALLS
    assert calls_of_a_row(measure.ROW_SECONDS / 10) == 10
    assert calls_of_a_row(1.0) == 1


def test_does_an_odd_repetition_leave_the_median_alone(device):
    def hiccup(index):
        device.work(index)
        device.now += 1.0 if device.calls == 20 else 0.0

    times = measure.row_times(device, hiccup, sample_time(device, 5))
    assert statistics.median(times) == pytest.approx(device.seconds)
    assert max(times) > 10 * device.seconds


def test_is_one_repetition_taken_even_when_it_takes_all_the_time():
    device = FakeDevice(100.0)
    assert measure.row_times(device, device.work, sample_time(device, 1, 1)) == [100.0]
    assert device.calls == 3  # one of warm-up, one to guess the length, one that counts


def test_does_the_host_clock_take_call_and_wait(device):
    device.synchronize = lambda: setattr(device, "now", device.now + 0.002)
    times = measure.host_times(device, device.work, sample_time(device), device.clock)
    assert times == pytest.approx([0.003] * len(times))


def test_is_queueing_timed_without_the_wait(device):
    device.synchronize = lambda: setattr(device, "now", device.now + 1.0)
    assert measure.queue_times(device, device.work, sample_time(device, 3), device.clock) == pytest.approx(
        [device.seconds] * measure.LEAST)


@pytest.mark.parametrize("seconds", [0.0001, 0.01, 0.3, 2.0])
def test_is_the_time_given_kept_up_to_one_sample(seconds):
    device = FakeDevice(seconds)
    taking = session(device, 20.0)
    for _ in range(4):
        taking.group([item(device.work) for _ in range(20)], 0.25)
    one_sample = (measure.WARM_UP + 2 + measure.MOST_CALLS) * seconds
    assert device.now <= 20.0 + min(one_sample, 3 * seconds + measure.ROW_SECONDS)
    assert len(taking.samples) == 80
    for sample in taking.samples:
        assert ("error" in sample) != ("seconds" in sample)


def test_is_each_group_given_time_though_the_first_could_use_it_all():
    device = FakeDevice(0.05)
    taking = session(device, 20.0)
    for remaining in (4, 3, 2, 1):
        taking.group([item(device.work) for _ in range(20)], 1 / remaining)
        assert "seconds" in taking.samples[-20]


def test_is_what_would_take_too_long_refused_before_it_starts(device):
    taking = session(device, 10.0)
    taking.group([item(device.work, flop=1e6), item(device.work, flop=1e12)], 1.0)
    calls = device.calls
    assert "seconds" in taking.samples[0]
    assert "not measured: 7 calls would take about" in taking.samples[1]["error"]
    taking.take(item(device.work, flop=1e12), taking.budget.sample(1))
    assert device.calls == calls


def test_is_a_failing_operator_recorded_and_the_rest_measured(device):
    def fails(error):
        def build(_device, _sample):
            raise error
        return measure.Item({"kind": "gemm", "dtype": "fp8", "m": 1, "n": 1, "k": 1}, build, "a test")

    taking = session(device, 60.0)
    taking.group([fails(RuntimeError("CUDA out of memory. Tried to allocate 2 GiB\nand a long tail")),
                  fails(measure.Unsupported("no float8")), item(device.work), fails(MemoryError()),
                  item(device.work)], 1.0)
    assert [sample.get("error") for sample in taking.samples] == [
        "CUDA out of memory. Tried to allocate 2 GiB", "no float8", None, "MemoryError", None]
    assert all("seconds" in taking.samples[at] and "note" in taking.samples[at] for at in (2, 4))
    assert all(set(taking.samples[at]) == {"kind", "dtype", "m", "n", "k", "error"} for at in (0, 1, 3))


def test_does_lasting_load_give_times_and_clocks_over_time(device):
    taking = session(device, 60.0)
    taking.group([item(device.work, how="sustained")], 1.0)
    (sample,) = taking.samples
    assert "seconds" not in sample and "power_w" not in sample
    moments = [at for at, _ in sample["seconds_over_time"]]
    assert moments == sorted(moments) and moments[0] < 1 and 4.5 < moments[-1] < 5.5
    assert all(seconds == pytest.approx(device.seconds) for _, seconds in sample["seconds_over_time"])
    assert sample["clock_mhz"] and all(clock == 1500.0 and 0 <= at <= 5.5 for at, clock in sample["clock_mhz"])


def test_are_clocks_read_beside_the_work_until_it_ends(device):
    with measure.Watch(device, device.clock, 0.0) as watch:
        while watch.tries < 3:
            device.work()
    assert len(watch.clocks) == watch.tries >= 3 and watch.powers == []
    assert not watch.thread.is_alive()


class FakeQueue(measure.Accelerator):
    """An accelerator that starts a row once its plug has run; the host needs `host` seconds to queue the row."""

    plug_seconds = 10e-6

    def __init__(self, host):
        self.host, self.plugs = host, []

    def plug(self, count):
        self.plugs.append(count)

    def synchronize(self):
        pass

    def event(self):
        queue = self

        class Event:
            def record(self):
                pass

            def query(self):
                return queue.plugs[-1] * queue.plug_seconds < queue.host

            def elapsed_time(self, _end):
                return 3.0

        return Event()


def test_is_the_device_kept_busy_until_the_host_has_queued_the_row():
    fast, slow, hopeless = FakeQueue(50e-6), FakeQueue(1e-3), FakeQueue(1.0)
    assert fast.elapsed(lambda: None, 1) == pytest.approx(0.003)
    assert fast.full_queue and fast.plugs == [10]
    slow.elapsed(lambda: None, 1)
    assert slow.full_queue and slow.plugs[-1] * slow.plug_seconds > slow.host
    hopeless.elapsed(lambda: None, 1)
    assert not hopeless.full_queue and len(hopeless.plugs) == 4


def test_is_a_queue_that_ran_dry_told_in_the_sample(device):
    device.full_queue = False
    taking = session(device, 60.0)
    taking.group([item(device.work)], 1.0)
    assert "host was too slow" in taking.samples[0]["note"]


def test_are_the_words_of_vendors_tools_understood(monkeypatch):
    cuda = measure.Cuda.__new__(measure.Cuda)
    asked = []
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "5")
    cuda.tool = lambda *words: asked.append(words) or "1755, 688.31\n"
    assert cuda.clock_and_power() == (1755.0, 688.31)
    assert asked[0][:3] == ("nvidia-smi", "-i", "5")
    cuda.tool = lambda *words: "[N/A], 70.1\n"
    assert cuda.clock_and_power() == (None, 70.1)
    cuda.tool = lambda *words: ""
    assert cuda.clock_and_power() == (None, None) and cuda.driver() is None
    npu = measure.Npu.__new__(measure.Npu)
    npu.tool = lambda *words: ("\tAicore Freq(MHZ)               : 1800\n\tAicore curFreq(MHZ)            : 1650\n"
                               "\tNPU Real-time Power(W)         : 298.6\n")
    assert npu.clock_and_power() == (1650.0, 298.6)
    npu.tool = lambda *words: ""
    assert npu.clock_and_power() == (None, None)
