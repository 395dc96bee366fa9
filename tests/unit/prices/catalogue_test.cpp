#include "prices/catalogue.hpp"

#include <catch2/catch.hpp>

using namespace chipmix;
using namespace chipmix::prices;

namespace {

/// Knows an H100 of 80 GB and an A100 of 40 GB.
std::optional<std::string> find(const std::string& name, double memory) {
  if ((name == "H100" || name == "h100") && (memory == 0 || memory == 80)) return "h100-sxm5-80gb";
  if (name == "A100" && memory == 40) return "a100-sxm4-40gb";
  return std::nullopt;
}

const Import told{"2026-11-01", "aws", "aws.csv"};

Imported read(const std::string& text, const Import& import = told) {
  return read_catalogue("c.csv", text, import, find);
}

std::vector<Diagnostic> faults(const std::string& text, const Import& import = told) {
  try {
    read(text, import);
  } catch (const InputError& error) {
    return error.diagnostics();
  }
  return {};
}

}  // namespace

TEST_CASE("a gpuhunt catalogue: the price of an instance over its devices") {
  const Imported made = read(
      "instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,gpu_vendor,flags,cpu_arch,"
      "provider_data\n"
      "p5.48xlarge,us-east-1,55.04,192,2048.0,8,H100,80.0,False,,nvidia,,x86,\"{\"\"a\"\": 1, \"\"b\"\": 2}\"\n"
      "p5.48xlarge,us-east-1,20,192,2048.0,8,H100,80.0,True,,nvidia,,x86,\n"
      "p5.48xlarge,us-east-1,20,192,2048.0,8,H100,80.0,True,,nvidia,,x86,\n"
      "nvl,us-east-1,5,1,1,1,H100,94.0,False,,nvidia,,x86,\n"
      "m5,us-east-1,1,2,8.0,0,,,False,,,,x86,\n");
  CHECK(made.format == "gpuhunt");
  REQUIRE(made.quotes.size() == 2);
  CHECK(made.quotes[0].per_device() == Approx(6.88));
  CHECK(made.quotes[0].kind == Kind::on_demand);
  CHECK(made.quotes[0].region == "us-east-1");
  CHECK(made.quotes[0].terms == "p5.48xlarge");
  CHECK(made.quotes[0].date == "2026-11-01");
  CHECK(made.quotes[0].currency == "USD");
  CHECK(made.quotes[1].kind == Kind::spot);
  CHECK(made.quotes[1].per_device() == Approx(2.5));
  CHECK(made.repeated == 1);
  CHECK(made.unknown.at("H100") == 1);
  CHECK(made.without_device == 1);
}

TEST_CASE("a SkyPilot catalogue, whose columns stand in any order") {
  const Imported made = read(
      "InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Region,GpuInfo,SpotPrice,Price\n"
      "gpu_8x_a100,A100,8.0,124.0,1800.0,us-east-1,\"{'Gpus': [{'Name': 'A100', 'Count': 8.0}]}\",,10.32\n"
      "gpu_1x_h100,H100,1.0,26.0,200.0,us-west-1,,1.5,3.29\n"
      "vast,H100,1.0,26.0,200.0,us-west-1,,0,2.0\n"
      "cpu,,,4.0,16.0,us-west-1,,,0.08\n");
  CHECK(made.format == "SkyPilot");
  REQUIRE(made.quotes.size() == 4);
  CHECK(made.quotes[0].device == "a100-sxm4-40gb");
  CHECK(made.quotes[0].per_device() == Approx(1.29));
  CHECK(made.quotes[1].per_device() == Approx(3.29));
  CHECK(made.quotes[2].kind == Kind::spot);
  CHECK(made.quotes[2].per_device() == Approx(1.5));
  CHECK(made.quotes[3].terms == "vast");
  CHECK(made.without_device == 1);
}

TEST_CASE("a plain table says all of itself") {
  const Imported made = read(
      "date,device,price,currency,kind,per,devices,provider,region\r\n"
      "2026-10,h100,58400,CNY,reserved,month,8,IDC,\"China, Jiangsu\"\r\n"
      "\r\n"
      "2026-10-02,h100,3,USD,,,,,\r\n",
      {"", "mine", "offers"});
  CHECK(made.format == "plain");
  REQUIRE(made.quotes.size() == 2);
  CHECK(made.quotes[0].per_device() == Approx(10));
  CHECK(made.quotes[0].kind == Kind::reserved);
  CHECK(made.quotes[0].region == "China, Jiangsu");
  CHECK(made.quotes[0].provider == "IDC");
  CHECK(made.quotes[1].kind == Kind::on_demand);
  CHECK(made.quotes[1].provider == "mine");
  CHECK(made.quotes[1].source == "offers");
}

TEST_CASE("every fault of a table is said at once, with its place") {
  const auto list = faults(
      "device,price,currency,date,colour\n"
      "h100,0,USD,2026-10-01,x\n"
      "h101,2,usd,yesterday,x\n"
      "h100,2\n");
  REQUIRE(list.size() == 6);
  CHECK(list[0].place.line == 1);
  CHECK(list[0].place.column == 28);
  CHECK(list[1].place.line == 2);
  CHECK(list[1].place.column == 6);
  CHECK(list[1].message == "must be more than 0, found 0");
  CHECK(list[2].message == "unknown device 'h101'");
  CHECK(list[5].message == "2 fields under 5 columns");
  CHECK(list[5].source_line == "h100,2");
}

TEST_CASE("a table of no known form, or without a day, is refused") {
  CHECK(faults("gpu,cost\nh100,2\n").front().message == "no catalogue of prices has these columns");
  CHECK(faults("").size() == 1);
  CHECK(faults("device,price,currency\nh100,2,USD\n", {"", "", "x"}).front().hint.find("--date") != std::string::npos);
  CHECK(faults("InstanceType,AcceleratorName,AcceleratorCount,Price,Region\na,H100,1,2,r\n", {"", "", "x"}).size() ==
        1);
  CHECK(faults("device,price,currency,source\nh100,2,USD,\"open\n").size() >= 1);
}
