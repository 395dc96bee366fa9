// Are other people's logs read as what they say, and refused with their place where they say nothing?
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "calibration/text_file.hpp"
#include "calibration/training_log.hpp"
#include "synthetic.hpp"

using namespace chipmix;
using namespace chipmix::calibration;

namespace {

const std::string nccl_head =
    "# nThread 1 nGpus 4 minBytes 1048576 maxBytes 4194304 step: 2(factor) warmup iters: 5 iters: 20\n"
    "# Using devices\n"
    "#  Rank  0 Group  0 Pid     11 on  alpha device  0 [0x07] Example GPU\n"
    "#  Rank  1 Group  0 Pid     11 on  alpha device  1 [0x0a] Example GPU\n"
    "#  Rank  2 Group  0 Pid     12 on   beta device  0 [0x07] Example GPU\n"
    "#  Rank  3 Group  0 Pid     12 on   beta device  1 [0x0a] Example GPU\n"
    "#                                                    out-of-place                       in-place\n"
    "#       size         count      type   redop    root     time   algbw   busbw #wrong     time   algbw   busbw "
    "#wrong\n"
    "#        (B)    (elements)                               (us)  (GB/s)  (GB/s)            (us)  (GB/s)  (GB/s)\n";
const std::string nccl_rows =
    "     1048576        262144     float     sum      -1    52.43   20.00   30.00      0    52.00   20.16   30.25     "
    " 0\n"
    "     2097152        524288     float     sum      -1    69.91   30.00   45.00      0    70.00   29.96   44.94     "
    " "
    "0\n";
const std::string nccl_end = "# Out of bounds values : 0 OK\n# Avg bus bandwidth    : 37.5\n";

std::string faults_of(const std::function<void()>& read) {
  try {
    read();
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

const std::string iteration =
    " iteration {}/ 100 | consumed samples: 2560 | elapsed time per iteration (ms): {} | learning rate: 1.0E-04 | "
    "global "
    "batch size: 256 | lm loss: 2.5E+00 | grad norm: 1.0 |\n";
std::string line(int number, const char* milliseconds) {
  std::string text = iteration;
  text.replace(text.find("{}"), 2, std::to_string(number));
  return text.replace(text.find("{}"), 2, milliseconds);
}

}  // namespace

TEST_CASE("Are the sizes, times, ranks and servers of an nccl-tests log read?") {
  const MeasurementFile file = read_collective_log("x.log", nccl_head + nccl_rows + nccl_end);
  REQUIRE(file.data.samples.size() == 2);
  const auto& second = std::get<CollectiveSample>(file.data.samples[1]);
  CHECK(second.op == "all_reduce");  // 2(n-1)/n = 1.5 from the bus bandwidth
  CHECK(second.ranks == 4);
  CHECK(second.ranks_per_node == 2);
  CHECK(second.bytes == 2097152);
  CHECK(seconds_of(second) == Approx(69.91e-6));
  CHECK(file.data.device.name == "Example GPU");
}

TEST_CASE("Is a log of collectives that is cut, or whose units are mixed, refused with its line?") {
  CHECK_THAT(faults_of([] { read_collective_log("x.log", nccl_head + nccl_rows); }),
             Catch::Contains("the log is truncated"));
  const std::string half = nccl_head + nccl_rows + "     4194304       1048576     float     sum\n" + nccl_end;
  CHECK_THAT(faults_of([&] { read_collective_log("x.log", half); }), Catch::Contains("x.log:12:1"));
  std::string mixed = nccl_head + nccl_rows + nccl_end;
  mixed.replace(mixed.find("69.91"), 5, "0.070");
  CHECK_THAT(faults_of([&] { read_collective_log("x.log", mixed); }), Catch::Contains("another unit"));
  std::string zero = nccl_head + nccl_rows + nccl_end;
  zero.replace(zero.find("52.43"), 5, "-5.24");
  CHECK_THAT(faults_of([&] { read_collective_log("x.log", zero); }), Catch::Contains("must be more than 0"));
}

TEST_CASE("Is a gather told by its file's name, and refused where nothing tells it?") {
  std::string text = nccl_head + nccl_rows + nccl_end;
  for (std::size_t at = text.find(" sum "); at != std::string::npos; at = text.find(" sum "))
    text.replace(at, 5, " none");
  CHECK(std::get<CollectiveSample>(read_collective_log("all_gather.log", text).data.samples[0]).op == "all_gather");
  CHECK_THAT(faults_of([&] { read_collective_log("x.log", text); }), Catch::Contains("which collective"));
}

TEST_CASE("Is a table of hccl_test read with the ranks of its command?") {
  const std::string text =
      "mpirun -n 8 ./bin/all_reduce_test -b 8K -e 2G -f 2 -d fp32 -o sum -p 8\n"
      "the minbytes is 8192, maxbytes is 2147483648, iters is 20, warmup_iters is 5\n"
      "data_size(Bytes): |      aveg_time(us): |  alg_bandwidth(GB/s): |  check_result: |\n"
      "1048576           |        60.00        |     17.47             |  success       |\n";
  const auto one = std::get<CollectiveSample>(read_collective_log("h.log", text).data.samples.at(0));
  CHECK(one.op == "all_reduce");
  CHECK(one.ranks == 8);
  CHECK(seconds_of(one) == Approx(60e-6));
}

TEST_CASE("Are iteration times and peak memory of a training log read without the warm-up?") {
  const std::string text =
      line(1, "9000.0") + line(2, "5100.0") + line(3, "5000.0") + line(4, "5020.0") + line(5, "4980.0") +
      "[Rank 0] (after 5 iterations) memory (MB) | allocated: 100.0 | max allocated: 2048.0 | reserved: 1\n";
  const MeasurementFile file = read_training_log({"t.log", text});
  const auto& step = std::get<CheckSample>(file.data.samples.at(0));
  CHECK(step.seconds.values.size() == 3);
  CHECK(seconds_of(step) == Approx(5.0));
  CHECK(step.peak_memory_bytes == 2147483648.0);
}

TEST_CASE("Are the arguments and the batch of a training log read, wherever they stand?") {
  const std::string head =
      "[rank0]:   world_size ...................................... 64\n"
      "  seq_length ...................................... 4096\n"
      "  world_size ...................................... 8\n"
      "  tokenizer_type .................................. GPT2BPETokenizer\n";
  const TrainingLog log =
      parse_training_log({"t.log", head + line(1, "9000.0") + line(2, "5100.0") + line(3, "5000.0")});
  REQUIRE(log.arguments.size() == 3);
  CHECK(log.arguments[0].name == "world_size");
  CHECK(log.arguments[0].value == 64);  // the first rank's word
  CHECK(log.arguments[1].value == 4096);
  CHECK(log.arguments[2].name == "global batch size");
  CHECK(log.text.substr(log.arguments[2].offset, 3) == "256");
  const std::string other = "using world size: 16, data-parallel size: 2\n";
  CHECK(parse_training_log({"t.log", other + line(1, "9") + line(2, "9") + line(3, "9")}).arguments[0].value == 16);
}

TEST_CASE("Is a training log that is cut, or has too few or impossible times, refused?") {
  const std::string whole = line(1, "9000.0") + line(2, "5100.0") + line(3, "5000.0");
  CHECK_THAT(faults_of([&] {
               read_training_log({"t.log", whole + " iteration 4/ 100 | consumed samples: 12"});
             }),
             Catch::Contains("t.log:4:1") && Catch::Contains("cut in the middle"));
  CHECK_THAT(faults_of([&] { read_training_log({"t.log", line(1, "9000.0")}); }), Catch::Contains("too few"));
  CHECK_THAT(faults_of([&] { read_training_log({"t.log", whole + line(4, "0.0")}); }), Catch::Contains("more than 0"));
}

TEST_CASE("Is a table of shapes and times read, with the unit of its header?") {
  const MeasurementFile file = read_csv("g.csv", "shape,dtype,time_us\n4096x2048x512,bf16,120\n64x64x64,fp16,5.5\n");
  const auto& gemm = std::get<GemmSample>(file.data.samples.at(0));
  CHECK(gemm.m == 4096);
  CHECK(gemm.n == 2048);
  CHECK(gemm.k == 512);
  CHECK(seconds_of(gemm) == Approx(120e-6));
  CHECK(std::get<GemmSample>(file.data.samples.at(1)).dtype == Dtype::fp16);
  const MeasurementFile other = read_csv("c.csv", "op,ranks,bytes,time_ms\nall_gather,8,1048576,0.2\n");
  CHECK(std::get<CollectiveSample>(other.data.samples.at(0)).op == "all_gather");
}

TEST_CASE("Are all faults of a table told at once, each with its place?") {
  const std::string faults =
      faults_of([] { read_csv("g.csv", "m,n,k,time_us\n64,64,64,0\n64,64,x,5\n64,64\n8,8,8,5 ms\n"); });
  for (const char* place : {"g.csv:2:10", "g.csv:3:7", "g.csv:4:1", "g.csv:5:7"})
    CHECK_THAT(faults, Catch::Contains(place));
  CHECK_THAT(faults_of([] { read_csv("g.csv", "m,n,k,time\n1,1,1,1\n"); }), Catch::Contains("has no unit"));
  CHECK_THAT(faults_of([] { read_csv("g.csv", "m,n,k,time_us,time_ms\n1,1,1,1,1\n"); }), Catch::Contains("mixed"));
}

namespace {

const std::string operators =
    R"({"ph":"X","cat":"cpu_op","name":"aten::mm","ts":1,"dur":9,"args":{"External id":7,
        "Input Dims":[[4096,1024],[1024,2048]],"Input type":["c10::BFloat16","c10::BFloat16"]}},
       {"ph":"X","cat":"cpu_op","name":"aten::_scaled_dot_product_flash_attention","ts":2,"dur":9,"args":{"External id":8,
        "Input Dims":[[2,32,4096,128],[2,8,4096,128],[2,8,4096,128]],"Input type":["c10::BFloat16"]}})";
const std::string kernels =
    R"(,{"ph":"X","cat":"kernel","name":"gemm_kernel","ts":3,"dur":25.5,"args":{"External id":7}},
        {"ph":"X","cat":"kernel","name":"flash_kernel","ts":4,"dur":900,"args":{"External id":8}})";

std::string trace(const std::string& events) {
  return R"({"deviceProperties":[{"id":0,"name":"Example GPU"}],"traceEvents":[)" + events + "]}";
}

}  // namespace

TEST_CASE("Are kernels of a profiler's trace joined with the shapes of their operators?") {
  const MeasurementFile file = read_kineto({"t.json", trace(operators + kernels)});
  REQUIRE(file.data.samples.size() == 2);
  const auto& attention = std::get<AttentionSample>(file.data.samples[0]);
  CHECK(attention.kv_heads == 8);
  CHECK(attention.sequence == 4096);
  const auto& gemm = std::get<GemmSample>(file.data.samples[1]);
  CHECK(gemm.m == 4096);
  CHECK(gemm.n == 2048);
  CHECK(gemm.k == 1024);
  CHECK(seconds_of(gemm) == Approx(25.5e-6));
}

TEST_CASE("Is a profile of the CPU alone called one?") {
  CHECK_THAT(faults_of([] { read_kineto({"t.json", trace(operators)}); }), Catch::Contains("profile of the CPU alone"));
}

TEST_CASE("Is a trace of another device, or of nothing, refused?") {
  const auto group = support::machine("h100-sxm5-80gb", 8);
  std::string other = trace(operators + kernels);
  other.replace(other.find("\"name\":\"Example GPU\""), 20, R"("name":"A100","totalGlobalMem":42949672960)");
  CHECK_THAT(faults_of([&] {
               require_plausible({read_kineto({"t.json", other})}, group);
             }),
             Catch::Contains("'A100' with 40.0 GiB") && Catch::Contains("totalGlobalMem"));
  CHECK_THAT(faults_of([] { read_kineto({"t.json", R"({"traceEvents":[]})"}); }), Catch::Contains("without events"));
}

TEST_CASE("Are times of hccl_test held against the bandwidth beside them?") {
  const std::string table =
      "mpirun -n 8 ./bin/all_reduce_test\ndata_size(Bytes): | aveg_time(us): | alg_bandwidth(GB/s): |\n";
  CHECK_THAT(faults_of([&] { read_collective_log("h.log", table + "1048576 | 0.06 | 17.47 | success |\n"); }),
             Catch::Contains("h.log:3:11") && Catch::Contains("another unit"));
}

TEST_CASE("Is a training log in seconds told once, without a word on too few iterations?") {
  std::string text = line(1, "9.0") + line(2, "5.1") + line(3, "5.0");
  for (std::size_t at = text.find("(ms)"); at != std::string::npos; at = text.find("(ms)")) text.replace(at, 4, "(s)");
  const std::string faults = faults_of([&] { read_training_log({"t.log", text + "\n"}); });
  CHECK_THAT(faults, Catch::Contains("another unit than ms"));
  CHECK(faults.find("too few") == std::string::npos);
}

TEST_CASE("Is a kernel far faster than the device's peak, or far slower than anything, refused?") {
  const auto group = support::machine("h100-sxm5-80gb", 8);
  const auto plausible = [&](const char* rows) {
    return faults_of([&] { require_plausible({read_csv("g.csv", std::string("m,n,k,time_us\n") + rows)}, group); });
  };
  CHECK(plausible("8192,8192,8192,1500\n").empty());
  CHECK_THAT(plausible("8192,8192,8192,1500\n8192,8192,8192,1.5\n"),
             Catch::Contains("g.csv:3:1") && Catch::Contains("faster than the peak"));
  CHECK_THAT(plausible("8192,8192,8192,1500000\n"), Catch::Contains("are units mixed"));
}
