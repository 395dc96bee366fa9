// Are tables read as their publishers mean them, and is nothing guessed?
#include <catch2/catch.hpp>

#include "calibration/text_file.hpp"
#include "synthetic.hpp"

using namespace chipmix;
using namespace chipmix::calibration;

namespace {

std::string faults_of(const std::string& text, const TableOptions& options = {}) {
  try {
    read_csv("t.csv", text, options);
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

template <class T>
T sample(const MeasurementFile& file, std::size_t which = 0) {
  return std::get<T>(file.data.samples.at(which));
}

const std::string aic = "framework,version,device,op_name,kernel_source,";
const std::string bench =
    "hipBLASLt version: 1\n"
    "[0]:transA,transB,grouped_gemm,batch_count,m,n,k,alpha,lda,a_type,b_type,compute_type,hipblaslt-Gflops,us\n"
    "    T,N,0,1,4096,4096,8192,1,8192,bf16_r,bf16_r,f32_r,549755.8,500\n"
    "    --Solution index: 12\n";

}  // namespace

TEST_CASE("Is a table of aiconfigurator read in ms, and its messages in elements?") {
  const auto gemms = read_csv("g.txt", aic +
                                           "gemm_dtype,m,n,k,latency,power\n"
                                           "VLLM,1,GPU,gemm,torch,bfloat16,16,4096,8192,0.025,300\n"
                                           "VLLM,1,GPU,gemm,torch,fp8_block,16,4096,8192,0.015,300\n");
  CHECK(seconds_of(sample<GemmSample>(gemms)) == Approx(25e-6));
  CHECK(sample<GemmSample>(gemms, 1).dtype == Dtype::fp8);
  const auto nccl = read_csv("n.txt", aic +
                                          "nccl_dtype,num_gpus,message_size,latency\n"
                                          "TRTLLM,2,GPU,alltoall,NCCL,half,8,524288,0.04\n");
  CHECK(sample<CollectiveSample>(nccl).bytes == 1048576);
  CHECK(sample<CollectiveSample>(nccl).op == "all_to_all");
  CHECK(sample<CollectiveSample>(nccl).ranks == 8);
  CHECK(seconds_of(sample<CollectiveSample>(nccl)) == Approx(40e-6));
}

TEST_CASE("Are the tables of a bench's log read among its other lines?") {
  const auto file = read_csv("b.log", bench + bench);
  REQUIRE(file.data.samples.size() == 2);
  CHECK(sample<GemmSample>(file).dtype == Dtype::bf16);
  CHECK(sample<GemmSample>(file).k == 8192);
  CHECK(seconds_of(sample<GemmSample>(file)) == Approx(500e-6));
  CHECK_THAT(faults_of(bench.substr(0, bench.find(",549755"))),
             Catch::Contains("t.csv:3:1") && Catch::Contains("a row of 12 fields"));
  std::string grouped = bench;
  grouped.replace(grouped.find("T,N,0"), 5, "T,N,1");
  CHECK_THAT(faults_of(grouped), Catch::Contains("a grouped product"));
}

TEST_CASE("Must a bench without a column of the number format be told it?") {
  const std::string rocblas = "transA,transB,M,N,K,alpha,rocblas-Gflops,us\nN,T,4096,4096,4096,1, 137439, 1000\n";
  CHECK_THAT(faults_of(rocblas), Catch::Contains("number format") && Catch::Contains("--value dtype=bf16"));
  TableOptions options;
  options.values = {{"dtype", "fp16"}};
  CHECK(sample<GemmSample>(read_csv("r.log", rocblas, options)).dtype == Dtype::fp16);
}

TEST_CASE("Does a time follow from a rate, and are both together held against each other?") {
  const std::string bars = "+---+---+\n| M | N | K | Batch Size | Time(us) | TFLOPS |\n+---+---+\n";
  const auto both = read_csv("a.md", bars + "| 1024 | 1024 | 1024 | 2 | 10 | 429.5 |\n+---+\n");
  CHECK(sample<GemmSample>(both).batch == 2);
  CHECK(seconds_of(sample<GemmSample>(both)) == Approx(10e-6));
  CHECK_THAT(faults_of(bars + "| 1024 | 1024 | 1024 | 2 | 0.010 | 429.5 |\n"),
             Catch::Contains("t.csv:4:") && Catch::Contains("another unit"));
  const auto rate =
      read_csv("r.md", "| m | n | k | H200 (TFLOPS) |\n| --- | --- | --- | --- |\n| 1000 | 1000 | 1000 | 200 |\n");
  CHECK(seconds_of(sample<GemmSample>(rate)) == Approx(10e-6));
}

TEST_CASE("Is a column whose unit nobody tells a fault, and one that its cells or an option tell none?") {
  const std::string bare = "m,n,k,latency\n64,64,64,0.01\n64,64,128,0.02\n";
  const std::string faults = faults_of(bare);
  CHECK_THAT(faults, Catch::Contains("t.csv:2:10") && Catch::Contains("--column \"latency=NAME\""));
  CHECK(faults.find("t.csv:3") == std::string::npos);  // told once
  TableOptions options;
  options.columns = {{"latency", "time_ms"}};
  CHECK(seconds_of(sample<GemmSample>(read_csv("t.csv", bare, options))) == Approx(10e-6));
  options = {};
  options.header = "m,n,k,time,rate";
  options.values = {{"clock", "host"}, {"series", "one"}, {"dtype", "fp16"}};
  const auto cells = read_csv("t.csv", "64, 128, 256, 0.0100ms, 0.4194Tflops\n", options);
  CHECK(sample<GemmSample>(cells).n == 128);
  CHECK(sample<GemmSample>(cells).clock == Clock::host);
  CHECK(seconds_of(sample<GemmSample>(cells)) == Approx(10e-6));
}

TEST_CASE("Do only the rows that were asked for count?") {
  const std::string rows = "m,n,k,dtype,time_us\n16,64,64,bf16,5\n64,64,64,bf16,6\n64,64,32,bf16,7\n64,64,64,int4,8\n";
  TableOptions options;
  options.rows = {{"m", "32:128"}, {"n", "k"}, {"dtype", "bf16,fp16"}};
  const auto kept = read_csv("t.csv", rows, options);
  REQUIRE(kept.data.samples.size() == 1);
  CHECK(seconds_of(sample<GemmSample>(kept)) == Approx(6e-6));
  options.rows = {{"m", "1:2"}};
  CHECK_THAT(faults_of(rows, options), Catch::Contains("leaves no row"));
  options.rows = {{"mm", "1:2"}};
  CHECK_THAT(faults_of(rows, options), Catch::Contains("no column 'mm'"));
}

TEST_CASE("Are unknown columns and columns given twice told with what to do?") {
  CHECK_THAT(faults_of("m,n,k,colour,time_us\n1,1,1,red,5\n"), Catch::Contains("\"colour=ignore\""));
  CHECK_THAT(faults_of("m,n,N,k,time_us\n1,1,1,1,5\n"), Catch::Contains("a second column of 'n'"));
}
