"""Does calibrate fit what was measured, keep what was not, and refuse what cannot be true?"""

import json
import random

import pytest

from program import ANSWER, BAD_FILE, BAD_INPUT, NO_ANSWER, USAGE, chipmix, write

DEVICE = "h100-sxm5-80gb"
PEAK, BANDWIDTH, UNITS = 989e12, 3.35e12, 132
SHARE, MEMORY, OVERHEAD = 0.7, 0.8, 6e-6  # of an imaginary device: not the profile's


def gemm_seconds(m, n, k):
    """The law of docs/laws/compute.md, written again: tiles of 64, one kernel or slices of k."""
    tiles = -(-m // 64) * -(-n // 64)
    work = 2 * tiles * 64 * 64 * k / (PEAK * SHARE)

    def kernel(slices):
        partial = 8 * 64 * 64 * tiles * slices if slices > 1 else 0
        traffic = (2 * (m * k + n * k + m * n) + partial) / (BANDWIDTH * MEMORY)
        return ((work * max(1, UNITS / (tiles * slices))) ** 4 + traffic**4) ** 0.25

    slices = min(UNITS / tiles, k / 64)
    return OVERHEAD + min(kernel(1), kernel(max(1, slices)))


def gemm(m, n, k, factor=1.0):
    return {"kind": "gemm", "dtype": "bf16", "m": m, "n": n, "k": k, "seconds": [gemm_seconds(m, n, k) * factor]}


def measurements(samples, **head):
    return {"chipmix_measurements": 1, "device": {"name": "Imaginary GPU", "backend": "cuda"}, "date": "2025-06-30",
            "samples": samples, **head}


def sweep(noise=0.0):
    random.seed(3)
    return [gemm(m, n, n, 2.718281828 ** random.gauss(0, noise)) for n in (2048, 4096, 8192)
            for m in (16, 64, 128, 256, 1024, 4096, 8192)]


def calibrate(*files, **options):
    return chipmix("calibrate", *files, "--device", DEVICE, "--format", "json", **options)


def figures(run):
    return {figure["figure"]: figure for figure in json.loads(run.stdout)["figures"]}


def faults(run):
    assert run.returncode == BAD_INPUT, run.stdout + run.stderr
    assert run.stdout == ""
    return run.stderr


@pytest.fixture
def file(tmp_path):
    return lambda content, name="m.json": write(tmp_path / name, content)


def test_are_figures_recovered_with_their_intervals(file):
    run = calibrate(file(measurements(sweep(0.02))))
    assert run.returncode == ANSWER, run.stderr
    found = figures(run)
    for name, truth in (("gemm.bf16", SHARE), ("memory", MEMORY), ("kernel_overhead", OVERHEAD)):
        figure = found["efficiency." + name]
        assert figure["identified"] and figure["value"] == pytest.approx(truth, rel=0.05)
        assert figure["interval_95"][0] < figure["interval_80"][0] < figure["value"] < figure["interval_80"][1]
    held_out = json.loads(run.stdout)["held_out"]["gemm.bf16"]
    assert held_out["points"] == 21 and held_out["median"] < 0.04


def test_is_the_same_seed_the_same_answer(file):
    path = file(measurements(sweep(0.05)))
    assert calibrate(path).stdout == calibrate(path).stdout


def test_does_a_profile_say_where_its_figures_come_from_and_what_was_covered(file, tmp_path):
    path = file(measurements(sweep(0.02)), "sweep.json")
    run = chipmix("calibrate", path, "--device", DEVICE, "--profiles", tmp_path / "p", "--plot", tmp_path / "f.svg")
    assert run.returncode == ANSWER, run.stderr
    profile = json.loads((tmp_path / "p" / "devices" / f"{DEVICE}.json").read_text(encoding="utf-8"))
    figure = profile["efficiency"]["gemm"]["bf16"]
    assert figure["grade"] == "fitted" and figure["low"] < figure["value"] < figure["high"]
    for word in ("Imaginary GPU", "2025-06-30", "21 points", "sweep.json", "chipmix calibrate"):
        assert word in figure["source"]
    assert "Imaginary" not in profile["efficiency"]["grouped_gemm"]["source"]  # not measured, so kept
    assert profile["measured_range"]["gemm.bf16"]["m"] == [16, 8192]
    assert chipmix("check", tmp_path / "p" / "devices" / f"{DEVICE}.json").returncode == ANSWER
    drawing = (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert drawing.startswith("<svg") and drawing.count("<circle") == 21 + 1


def choosy():
    """Products of which those of about 256 rows take a quarter longer, as if the library had no kernel for them."""
    def factor(m):
        return 1.25 if 64 < m < 1024 else 1.0

    return [gemm(m, n, n, factor(m)) for n in (2048, 4096, 8192) for m in (16, 64, 128, 256, 512, 1024, 4096, 8192)]


def test_does_a_profile_keep_what_neighbours_say_and_is_a_wrong_point_refused(file, tmp_path):
    run = chipmix("calibrate", file(measurements(choosy())), "--device", DEVICE, "--profiles", tmp_path / "p")
    assert run.returncode == ANSWER, run.stderr
    path = tmp_path / "p" / "devices" / f"{DEVICE}.json"
    profile = json.loads(path.read_text(encoding="utf-8"))
    correction = profile["efficiency"]["gemm_correction"]["bf16"]
    assert len(correction["points"]) == 24 and correction["grade"] == "fitted"
    assert "Imaginary GPU" in correction["source"] and 0 < correction["nugget"] < correction["spread"]
    assert chipmix("check", path).returncode == ANSWER
    correction["points"][0] = [16, 2048, 0.1]
    path.write_text(json.dumps(profile), encoding="utf-8")
    refused = chipmix("check", path)
    assert refused.returncode == BAD_INPUT and "[m, n, k, weight]" in refused.stderr


def test_is_the_profile_written_to_output_and_the_figures_to_stdout(file, tmp_path):
    run = chipmix("calibrate", file(measurements(sweep())), "--device", DEVICE, "--output", tmp_path / "my.json")
    assert run.returncode == ANSWER and "efficiency.memory" in run.stdout
    assert json.loads((tmp_path / "my.json").read_text(encoding="utf-8"))["id"] == DEVICE


def test_does_every_later_estimate_say_how_far_it_is_from_what_was_measured(file, tmp_path, scenario):
    path = scenario()
    before = json.loads(chipmix("compare", path, "--format", "json").stdout)["options"][0]
    assert before["beyond_measured"] == []  # nobody calibrated it
    run = chipmix("calibrate", file(measurements(sweep())), "--device", DEVICE, "--profiles", path.parent)
    assert run.returncode == ANSWER, run.stderr
    after = json.loads(chipmix("compare", path, "--format", "json").stdout)["options"][0]
    beyond = {one["size"]: one for one in after["beyond_measured"]}
    assert beyond["n"]["work"] == "gemm.bf16" and beyond["n"]["factor"] > 1
    assert beyond["n"]["value"] > 8192 and beyond["n"]["measured"] == [2048, 8192]
    assert "Outside what was measured" in chipmix("estimate", path, "--option", "a").stdout


def test_does_one_lonely_point_identify_nothing_and_write_nothing(file, tmp_path):
    run = calibrate(file(measurements([gemm(4096, 4096, 4096)])))
    assert run.returncode == NO_ANSWER
    assert not any(figure["identified"] for figure in figures(run).values())
    assert "Nothing is identified" in " ".join(json.loads(run.stdout)["remarks"])
    chipmix("calibrate", tmp_path / "m.json", "--device", DEVICE, "--profiles", tmp_path / "p")
    assert not (tmp_path / "p").exists()


def test_is_a_figure_that_one_point_alone_feels_not_read_off_it(file):
    """Beside enough products, a lonely grouped one would give its own share without an error to judge it by."""
    grouped = {"kind": "grouped_gemm", "dtype": "bf16", "groups": 8, "rows_per_group": 512, "n": 4096, "k": 4096,
               "seconds": [0.0005]}
    one = figures(calibrate(file(measurements([*sweep(0.01), grouped]))))["efficiency.grouped_gemm"]
    assert not one["identified"] and "too few points" in one["verdict"]
    more = [{**grouped, "rows_per_group": rows, "seconds": [0.0005 * rows / 512]} for rows in (256, 512, 1024, 2048)]
    assert figures(calibrate(file(measurements([*sweep(0.01), *more]))))["efficiency.grouped_gemm"]["identified"]


def test_is_a_wild_time_named_and_little_heeded(file):
    samples = sweep(0.01)
    samples[9]["seconds"] = [5 * samples[9]["seconds"][0]]
    run = calibrate(file(measurements(samples)))
    assert figures(run)["efficiency.gemm.bf16"]["value"] == pytest.approx(SHARE, rel=0.03)
    wild = [point["sample"] for point in json.loads(run.stdout)["points"] if point["outlier"]]
    assert wild == [9]


def test_are_all_faults_of_a_file_told_at_once_with_their_places(file):
    samples = sweep()
    samples[0]["seconds"] = [0]
    samples[1]["seconds"] = [-1e-5]
    samples[2]["kind"] = "gem"
    samples[3]["time_ms"] = 3
    del samples[4]["seconds"]
    text = faults(calibrate(file(measurements(samples))))
    for word in ("'seconds' must be more than 0, found 0", "found -1e-05", "did you mean 'gemm'", "time_ms",
                 "either 'seconds' or 'error'"):
        assert word in text
    assert text.count("m.json:") >= 5 and "^" in text


def test_is_a_measurement_on_a_cpu_refused(file):
    data = measurements(sweep())
    data["device"]["backend"] = "cpu"
    assert "measured on a CPU" in faults(calibrate(file(data)))


def test_is_a_cpu_that_is_called_a_gpu_refused(file):
    data = measurements(sweep())
    data["device"] = {"name": "Intel(R) Xeon(R) Platinum 8480C", "backend": "cuda"}
    assert "the name of a CPU" in faults(calibrate(file(data)))


def test_is_a_trace_of_the_cpu_alone_refused(file):
    trace = {"traceEvents": [{"ph": "X", "cat": "cpu_op", "name": "aten::mm", "ts": 1, "dur": 5,
                              "args": {"External id": 1, "Input Dims": [[64, 64], [64, 64]]}}]}
    assert "profile of the CPU alone" in faults(calibrate(file(trace, "trace.json")))


@pytest.mark.parametrize("factor, words", [(1e-3, "faster than the peak"), (1e3, "are units mixed")])
def test_is_a_sample_in_another_unit_refused(file, factor, words):
    samples = sweep()
    samples[-1] = gemm(8192, 8192, 8192, factor)
    text = faults(calibrate(file(measurements(samples))))
    assert words in text and text.count("error:") == 1


def test_is_another_device_than_the_one_named_refused(file):
    data = measurements(sweep())
    data["device"]["memory_bytes"] = 24 * 2**30
    assert "24.0 GiB" in faults(calibrate(file(data)))


@pytest.mark.parametrize("cut", [0.0, 0.3, 0.9])
def test_is_a_file_cut_in_the_middle_refused(file, cut):
    text = json.dumps(measurements(sweep()))
    faults(calibrate(file(text[: int(len(text) * cut)])))


def test_is_a_log_cut_in_the_middle_refused(file):
    log = ("# nThread 1 nGpus 2\n#  Rank  0 Group  0 Pid 1 on h device 0 [0x07] GPU\n"
           "#  Rank  1 Group  0 Pid 1 on h device 1 [0x08] GPU\n"
           "#       size         count      type   redop    root     time   algbw   busbw #wrong\n"
           "#        (B)    (elements)                               (us)  (GB/s)  (GB/s)\n"
           "     1048576        262144     float     sum      -1    52.43   20.00   20.00      0\n")
    assert "the log is truncated" in faults(calibrate(file(log, "all_reduce.log")))


def test_do_the_faults_of_several_files_come_together(file):
    bad = [file("m,n,k,time_us\n64,64,64,0\n", "a.csv"), file("hello\n", "b.txt"), file("", "c.json")]
    text = faults(calibrate(*bad))
    assert "a.csv:2:10" in text and "b.txt:1:1" in text and "c.json" in text


def test_is_a_table_of_shapes_enough(file):
    rows = "".join(f"{s['m']}x{s['n']}x{s['k']},{s['seconds'][0] * 1e6}\n" for s in sweep())
    run = calibrate(file("shape,time_us\n" + rows, "shapes.csv"))
    assert figures(run)["efficiency.gemm.bf16"]["value"] == pytest.approx(SHARE, rel=0.01)


def test_is_one_series_of_a_publishers_table_picked_by_rows(file):
    head = "framework,version,device,op_name,kernel_source,gemm_dtype,m,n,k,latency\n"
    rows = "".join(f"VLLM,1,GPU,gemm,torch,{kind},{s['m']},{s['n']},{s['k']},{s['seconds'][0] * 1e3}\n"
                   for kind in ("bfloat16", "int4_wo") for s in sweep())
    path = file(head + rows, "gemm_perf.txt")
    assert "unknown number format 'int4_wo'" in faults(calibrate(path))
    run = chipmix("calibrate", path, "--device", DEVICE, "--format", "json", "--rows", "gemm_dtype=bfloat16")
    assert figures(run)["efficiency.gemm.bf16"]["value"] == pytest.approx(SHARE, rel=0.01)
    assert "in ms" in " ".join(json.loads(run.stdout)["remarks"])


@pytest.mark.parametrize("content, words", [
    ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "git lfs pull"),
    (b"PAR1\x15\x04\xff\xfe", "a Parquet file is not read"),
    (b"\xff\xfe\x00\x01", "the file is UTF-16"),
    (b"\xfd\x00\x01", "not a file of measurements"),
])
def test_is_a_file_that_holds_no_data_told_as_what_it_is(file, content, words):
    assert words in faults(calibrate(file(content, "gemm_perf.txt")))


@pytest.mark.parametrize("words, said", [
    (("--rows", "m"), "--rows takes NAME=VALUE"), (("--value", "dtype="), "--value takes NAME=VALUE"),
    (("--column", "=ignore"), "--column takes NAME=VALUE"), (("--value", "dtype=fp16"), "no file is one")])
def test_are_wrong_words_about_tables_usage_errors(file, words, said):
    run = chipmix("calibrate", file(measurements(sweep())), "--device", DEVICE, *words)
    assert run.returncode == USAGE and said in run.stderr


def test_does_one_long_run_fit_the_lasting_share_with_an_interval_of_some_width(file):
    times = [[0.5 * i, 1.5e-3 * (1 if i < 2 else 1.25)] for i in range(60)]
    run = calibrate(file(measurements([{"kind": "sustained", "dtype": "bf16", "m": 8192, "n": 8192, "k": 8192,
                                        "seconds_over_time": times}])))
    figure = figures(run)["efficiency.sustained"]
    assert figure["value"] == pytest.approx(0.8)
    assert figure["interval_95"][0] < figure["interval_80"][0] < 0.8 < figure["interval_80"][1]
    shown = chipmix("calibrate", *run.args[2:3], "--device", DEVICE).stdout
    assert shown.startswith(f"{DEVICE} fitted to 1 sample\n")


@pytest.mark.parametrize("words", [("--device", "h100-smx5-80gb"), ("--device", DEVICE, "--hold-out", "2"), ()])
def test_is_a_wrong_command_line_a_usage_error(file, words):
    assert chipmix("calibrate", file(measurements(sweep())), *words).returncode == USAGE


def test_does_a_profile_that_cannot_be_written_leave_nothing(file, tmp_path):
    write(tmp_path / "p", "a file, not a folder")
    run = chipmix("calibrate", file(measurements(sweep())), "--device", DEVICE, "--profiles", tmp_path / "p")
    assert run.returncode == BAD_FILE and run.stdout == ""


def test_does_the_example_of_the_documentation_read(tmp_path):
    from program import ROOT

    run = chipmix("calibrate", ROOT / "docs" / "measurements_example.json", "--device", DEVICE)
    assert run.returncode in (ANSWER, NO_ANSWER), run.stderr
