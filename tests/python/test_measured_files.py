"""Are logs and tables that people have read whatever stands around them, and refused where they cannot be true?"""

import gzip
import json
import time

import pytest

from program import ANSWER, BAD_FILE, BAD_INPUT, chipmix, write

DEVICE = "h100-sxm5-80gb"
SIZES = [2**k for k in range(15, 29)]


def nccl(mark=lambda line: line, name="NVIDIA H100 80GB HBM3", ranks=8):
    """An all-reduce of eight ranks at 30 us and 180 GB/s, as nccl-tests print it."""
    lines = ["# nThread 1 nGpus 8 minBytes 32768", "#", "# Using devices"]
    lines += [f"#  Rank {i:2} Group  0 Pid   7{i} on   alder device  {i} [0x1{i}] {name}" for i in range(ranks)]
    lines += ["#", "#                                        out-of-place              in-place",
              "#       size         count      type   redop    root     time   algbw   busbw #wrong"
              "     time   algbw   busbw #wrong",
              "#        (B)    (elements)                               (us)  (GB/s)  (GB/s)"
              "            (us)  (GB/s)  (GB/s)"]
    for size in SIZES:
        seconds = 30e-6 + size / 180e9
        rate = size / seconds / 1e9
        figures = f"{seconds * 1e6:8.2f} {rate:7.2f} {rate * 1.75:7.2f}      0"
        lines.append(f"  {size:10} {size // 4:12}     float     sum      -1 {figures} {figures}")
    lines += ["# Out of bounds values : 0 OK", "# Avg bus bandwidth    : 100"]
    return "all_reduce_perf -b 32K -e 256M -f 2 -g 8\n" + "".join(mark(line) + "\n" for line in lines)


def calibrate(path, device=DEVICE, *words):
    return chipmix("calibrate", path, "--device", device, *words)


MARKS = {
    "as printed": lambda line: line,
    "hash signs taken away": lambda line: line.replace("#", "", 1) if line.startswith("#") else line,
    "tagged by mpirun": lambda line: "[1,0]<stdout>:" + line,
    "stamped with times": lambda line: "2031-01-02T03:04:05.678901Z " + line,
    "stamped with local times": lambda line: "2031-01-02T03:04:05+08:00 " + line,
}


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
def test_a_log_of_collectives_is_read_whatever_stands_before_its_lines(tmp_path, mark):
    done = calibrate(write(tmp_path / "all_reduce.log", nccl(mark)))
    assert done.returncode == ANSWER, done.stderr
    assert "fitted to 14 samples" in done.stdout


def test_text_that_is_not_utf8_is_read(tmp_path):
    text = nccl().replace("alder", "c\u00f4te").encode("latin-1")
    done = calibrate(write(tmp_path / "l.log", text), DEVICE, "--format", "json")
    assert done.returncode == ANSWER, done.stderr
    json.loads(done.stdout)
    done = calibrate(write(tmp_path / "u.log", nccl(name="NVIDIA H100 \u00e9").encode("latin-1")))
    assert done.returncode == ANSWER, done.stderr


@pytest.mark.parametrize("content, words", [
    (gzip.compress(b"{}" * 99)[:-9], "the compressed file is truncated"), (b"PK\x03\x04abc", "unzip"), (nccl().encode("utf-16"), "UTF-16")])
def test_what_is_packed_or_wide_is_named(tmp_path, content, words):
    done = calibrate(write(tmp_path / "x.log", content))
    assert done.returncode == BAD_INPUT and words in done.stderr
    assert len(done.stderr.splitlines()) < 4


def test_a_compressed_log_is_read(tmp_path):
    done = calibrate(write(tmp_path / "x.log.gz", gzip.compress(nccl().encode())))
    assert done.returncode == ANSWER and "fitted to 14 samples" in done.stdout


def test_a_log_of_another_device_is_refused(tmp_path):
    done = calibrate(write(tmp_path / "a.log", nccl()), "mi300x")
    assert done.returncode == BAD_INPUT
    assert "measured on 'NVIDIA H100 80GB HBM3', but --device is mi300x" in done.stderr
    assert calibrate(write(tmp_path / "b.log", nccl(name="Something else"))).returncode == ANSWER


@pytest.mark.parametrize("ranks", ["99999999999", "2.5", "-8", "0", "1e400"])
def test_a_number_of_ranks_that_is_none_is_a_fault(tmp_path, ranks):
    text = nccl(ranks=0).replace("all_reduce_perf", f"mpirun -np {ranks} all_reduce_perf")
    done = calibrate(write(tmp_path / "x.log", "data_size(Bytes): x\n" + text))
    assert done.returncode == BAD_INPUT, done.stdout + done.stderr
    row = f"kind,op,ranks,bytes,time_us\ncollective,all_reduce,{ranks},1e6,90\n"
    done = calibrate(write(tmp_path / "x.csv", row))
    assert done.returncode == BAD_INPUT and f":2:{len('collective,all_reduce,') + 1}:" in done.stderr


@pytest.mark.parametrize("row", ["-4096,4096,4096,90", "0,4096,4096,90", "4096.5,4096,4096,90", "4096,4096,1e300,90",
                                 "4096,4096,4096,-90", "4096,4096,4096,0", "4096,4096,4096,1e-310",
                                 "4096,4096,4096,nan", "4096,4096,4096,inf", "nan,4096,4096,90"])
def test_a_product_that_cannot_be_is_a_fault_at_its_field(tmp_path, row):
    done = calibrate(write(tmp_path / "x.csv", f"m,n,k,dtype,time_us\n{row.rsplit(',', 1)[0]},bf16,{row.rsplit(',')[-1]}\n"))
    assert done.returncode == BAD_INPUT and "x.csv:2:" in done.stderr


def kineto(operator, sizes, dur=60.5, identity=7):
    call = {"ph": "X", "cat": "cpu_op", "name": operator, "ts": 1, "dur": 9,
            "args": {"External id": identity, "Input Dims": sizes, "Input type": ["c10::BFloat16"] * len(sizes)}}
    kernel = {"ph": "X", "cat": "kernel", "name": "k", "ts": 3, "dur": dur, "args": {"External id": identity}}
    return {"traceEvents": [call, kernel]}


ATTENTION = "aten::_scaled_dot_product_flash_attention"


@pytest.mark.parametrize("operator, sizes", [
    ("aten::mm", [[-4096, 1024], [1024, 2048]]),
    ("aten::mm", [[4096.5, 1024], [1024, 2048]]),
    ("aten::mm", [[4096, 1024], [1000, 2048]]),
    ("aten::mm", [[1e300, 1024], [1024, 2048]]),
    ("aten::bmm", [[8, 64, -1], [8, -1, 64]]),
    (ATTENTION, [[2, 32, 4096, 128], [2, 8, 4096, 64], [2, 8, 4096, 64]]),
    (ATTENTION, [[2, 32, 4096, 128], [2, 5, 4096, 128], [2, 5, 4096, 128]]),
    (ATTENTION, [[2, 32, 4096, 128], [2, -8, 4096, 128], [2, -8, 4096, 128]]),
])
def test_a_trace_with_sizes_that_cannot_be_is_a_fault_at_its_call(tmp_path, operator, sizes):
    done = calibrate(write(tmp_path / "t.json", kineto(operator, sizes)))
    assert done.returncode == BAD_INPUT, done.stdout
    assert "t.json:" in done.stderr


@pytest.mark.parametrize("trace", [
    kineto("aten::mm", [[0, 1024], [1024, 2048]]), kineto("aten::mm", [[4096, 1024], [1024, 2048]], dur=1e300),
    kineto("aten::mm", [[4096, 1024], [1024, 2048]], identity=1e300), kineto("aten::mm", [[], []])])
def test_a_trace_of_nothing_is_a_fault(tmp_path, trace):
    assert calibrate(write(tmp_path / "t.json", trace)).returncode == BAD_INPUT


def test_two_times_in_a_line_are_the_iteration_s_and_the_mean(tmp_path):
    line = " iteration {0}0/ 100 | elapsed time per iteration (ms): {1}/1451.0 | tokens per GPU: 1.0/2.0 |\n"
    log = "".join(line.format(i, 1450 + i) for i in range(1, 6))
    done = calibrate(write(tmp_path / "x.log", log))
    assert "3 iterations after 2 of warm-up, median 1.454 s" in done.stdout, done.stdout + done.stderr


def test_columns_of_a_tuning_run_say_nothing(tmp_path):
    header = ("transA,transB,grouped_gemm,batch_count,m,n,k,alpha,lda,stride_a,beta,ldb,stride_b,ldc,stride_c,ldd,"
              "stride_d,a_type,b_type,c_type,d_type,compute_type,hipblaslt-Gflops,hipblaslt-GB/s,us,solution_index,"
              "gcnArchName,CUs")
    row = "T,N,0,1,4096,4096,4096,1,1,1,0,1,1,1,1,1,1,bf16_r,bf16_r,bf16_r,bf16_r,f32_r,1200000,750,114.5,7,gfx950,256"
    done = calibrate(write(tmp_path / "x.csv", f"{header}\n{row}\n"), "mi355x", "--format", "json")
    assert "unknown column" not in done.stderr


# --- a million lines, and inputs without an end

LINES = 1_000_000
MANY = {
    "table": ("x.csv", lambda: "m,n,k,dtype,time_us\n" + "1,x,3,bf16,-5\n" * LINES, ("calibrate", "--device", DEVICE)),
    "log of collectives": ("x.log", lambda: nccl() + "  1024 abc float sum -1 nan nan nan\n" * LINES,
                           ("calibrate", "--device", DEVICE)),
    "training log": ("x.log", lambda: " iteration 1/ 9 | elapsed time per iteration (ms): x |\n" * LINES,
                     ("calibrate", "--device", DEVICE)),
    "table of runs": ("x.json", lambda: "[" + ",\n".join(['{"id":5,"a":1}'] * LINES) + "]",
                      ("validate", "--no-intervals", "--cases")),
    "catalogue": ("x.csv", lambda: "provider,accelerator,price\n" + "x,y,z\n" * LINES, ("import", "prices")),
}


@pytest.mark.parametrize("name", MANY)
def test_a_million_bad_lines_are_told_in_seconds(tmp_path, name):
    file, content, words = MANY[name]
    path = write(tmp_path / file, content())
    line = [words[0], path, *words[1:]] if words[0] == "calibrate" else [*words, path]
    import resource
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = chipmix(*line, timeout=200)
    assert done.returncode in (BAD_INPUT, BAD_FILE), done.stdout[:500] + done.stderr[:500]
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 10  # s of processor time, aim 5
    assert len(done.stderr) < 200_000


@pytest.mark.parametrize("words", [("calibrate", "/dev/zero", "--device", DEVICE), ("compare", "/dev/zero"),
                                   ("import", "megatron", "/dev/zero"), ("import", "prices", "/dev/zero"),
                                   ("models", "/dev/zero"), ("check", "/dev/zero"),
                                   ("validate", "--cases", "/dev/zero")])
def test_an_input_without_an_end_is_bounded(words):
    begin = time.monotonic()
    done = chipmix(*words, timeout=120)
    assert done.returncode in (BAD_INPUT, BAD_FILE), done.stderr
    assert time.monotonic() - begin < 60
