// Is a quantity read as it is meant, and refused with its reason when it is not?
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>

#include "faults.hpp"

using namespace chipmix;

namespace {

template <class Q>
double base_units(const std::string& text) {
  const auto read = io::parse_quantity<Q>(text);
  INFO(text << ": " << read.message);
  REQUIRE(read.value.has_value());
  return io::amount_of(*read.value);
}

template <class Q>
std::string refusal(const std::string& text) {
  const auto read = io::parse_quantity<Q>(text);
  INFO(text);
  REQUIRE_FALSE(read.value.has_value());
  CHECK_FALSE(read.hint.empty());
  return read.message;
}

}  // namespace

TEST_CASE("do B and b, GB and GiB differ") {
  CHECK(base_units<Bytes>("80 GiB") == 80 * bytes_per_gib);
  CHECK(base_units<Bytes>("80 GB") == 80e9);
  CHECK(base_units<BytesPerSecond>("50 GB/s") == 50e9);
  CHECK(base_units<BytesPerSecond>("400 Gbit/s") == 50e9);
  CHECK(base_units<BytesPerSecond>("400 Gb/s") == 50e9);
  CHECK(base_units<BytesPerSecond>("400 Gbps") == 50e9);
  CHECK(base_units<BytesPerSecond>("3.35 TB/s") == Approx(3.35e12));
  CHECK(base_units<BytesPerSecond>("1 GiB/s") == bytes_per_gib);
}

TEST_CASE("are rates of operations read in every accepted spelling") {
  CHECK(base_units<FlopsPerSecond>("989 TFLOP/s") == 989e12);
  CHECK(base_units<FlopsPerSecond>("989 TFLOPS") == 989e12);
  CHECK(base_units<FlopsPerSecond>("1979 TOPS") == 1979e12);
  CHECK(base_units<FlopsPerSecond>("1979 TOP/s") == 1979e12);
  CHECK(base_units<FlopsPerSecond>("1.5 EFLOP/s") == 1.5e18);
  CHECK(base_units<FlopsPerSecond>("1 kFLOPS") == 1e3);
  CHECK(base_units<Flops>("3.3e24 FLOP") == 3.3e24);
  CHECK(base_units<Flops>("3.3 YFLOP") == Approx(3.3e24));
}

TEST_CASE("are times, powers, energies and masses read") {
  CHECK(base_units<Seconds>("5 us") == Approx(5e-6));
  CHECK(base_units<Seconds>("5 \u00B5s") == Approx(5e-6));
  CHECK(base_units<Seconds>("5 \u03BCs") == Approx(5e-6));
  CHECK(base_units<Seconds>("3 ns") == Approx(3e-9));
  CHECK(base_units<Seconds>("2 ms") == Approx(2e-3));
  CHECK(base_units<Seconds>("2 min") == 120);
  CHECK(base_units<Seconds>("1.5 h") == 5400);
  CHECK(base_units<Seconds>("2 d") == 172800);
  CHECK(base_units<Watts>("10.2 kW") == Approx(10200));
  CHECK(base_units<Joules>("1 kWh") == 3.6e6);
  CHECK(base_units<Joules>("1 MWh") == 3.6e9);
  CHECK(base_units<Joules>("2 kJ") == 2e3);
  CHECK(base_units<Kilograms>("12 t") == 12e3);
  CHECK(base_units<KilogramsPerJoule>("0.53 kg/kWh") * 3.6e6 == Approx(0.53));
  CHECK(base_units<KilogramsPerJoule>("530 g/kWh") * 3.6e6 == Approx(0.53));
}

TEST_CASE("does money keep its currency, and a rent its hour") {
  const auto money = io::parse_quantity<Money>("6,350,000 CNY");
  REQUIRE(money.value);
  CHECK(money.value->amount == 6.35e6);
  CHECK(money.value->currency.code == "CNY");
  CHECK(base_units<Money>("6.35e6 CNY") == 6.35e6);
  const auto rent = io::parse_quantity<Rent>("27.5 CNY/h");
  REQUIRE(rent.value);
  CHECK((*rent.value * Seconds(3600)).amount == Approx(27.5));
  CHECK(base_units<Rent>("27.5 CNY/device-hour") == base_units<Rent>("27.5 CNY/h"));
  const auto tariff = io::parse_quantity<Tariff>("0.6 CNY/kWh");
  REQUIRE(tariff.value);
  CHECK((*tariff.value * Joules(3.6e6)).amount == Approx(0.6));
}

TEST_CASE("which forms of a number are read") {
  CHECK(base_units<Bytes>("80GiB") == 80 * bytes_per_gib);
  CHECK(base_units<Bytes>("  80   GB ") == 80e9);
  CHECK(base_units<Bytes>("1,024 B") == 1024);
  CHECK(base_units<Bytes>("1024 B") == 1024);
  CHECK(base_units<Bytes>("1.5e3 B") == 1500);
  CHECK(base_units<Bytes>("5 EB") == 5e18);
  CHECK(base_units<Bytes>("5EB") == 5e18);
  CHECK(base_units<Bytes>("-1 B") == -1);
  for (const char* text : {"", " ", "GB", "nan GB", "inf GB", ".5 GB", "1. GB", "1,00 GB", "1,0000 GB", "0x10 B",
                           "1 2 GB", "1e GB", "--1 B", "80 G B", "80 GB x", "80\tGB", "80 GB\n"})
    refusal<Bytes>(text);
  CHECK(refusal<Bytes>("1e400 B") == "'1e400 B' is too large a number");
  CHECK(refusal<Bytes>("1e300 EB") == "'1e300 EB' is too large a number");
}

TEST_CASE("does a refusal say what the text is and what is due") {
  CHECK(refusal<Bytes>("80 GB/s") == "'80 GB/s' is a data rate, not a size");
  CHECK(refusal<BytesPerSecond>("80 GB") == "'80 GB' is a size, not a data rate");
  CHECK(refusal<Bytes>("80") == "'80' has no unit: expected a size");
  CHECK(refusal<Bytes>("80 Gb") == "'80 Gb' counts bits: b is bits, B is bytes");
  CHECK(refusal<Bytes>("80 gb") == "'gb' is not a unit for a size");
  CHECK(refusal<Flops>("989 TFLOPS") == "'989 TFLOPS' is a compute rate, not a number of operations");
  CHECK(refusal<Rent>("27.5 CNY") == "'27.5 CNY' is an amount of money, not a rent");
  CHECK(refusal<Rent>("0.6 CNY/kWh") == "'0.6 CNY/kWh' is an electricity price, not a rent");
  CHECK(refusal<Money>("27.5 cny") == "'cny' is not a unit for an amount of money");
  CHECK(refusal<Money>("27.5 YUAN") == "'YUAN' is not a unit for an amount of money");
  CHECK(io::parse_quantity<Bytes>("80").hint ==
        "write a size such as \"80 GiB\" (B, kB, MB, GB, TB, PB, or KiB, MiB, GiB, TiB)");
  CHECK(io::parse_quantity<Bytes>("80 KB").hint.starts_with("did you mean 'kB'? write a size"));
  CHECK(io::parse_quantity<Bytes>(std::string(1'000'000, '9') + "x").message.size() < 200);
}

TEST_CASE("are counts read with their suffix") {
  CHECK(io::parse_count("36700160").value == 36700160);
  CHECK(io::parse_count("1e12").value == 1e12);
  CHECK(io::parse_count("1T").value == 1e12);
  CHECK(io::parse_count("8.96k").value == Approx(8960));
  CHECK(io::parse_count("7B").value == 7e9);
  CHECK(io::parse_count("7 G").value == 7e9);
  CHECK_FALSE(io::parse_count("1 trillion").value);
  CHECK_FALSE(io::parse_count("T").value);
  CHECK_FALSE(io::parse_count("1e400").value);
}

TEMPLATE_TEST_CASE("does the schema's pattern accept what the reader accepts", "", Bytes, Seconds, Flops, Joules,
                   Kilograms, BytesPerSecond, FlopsPerSecond, Watts, KilogramsPerJoule, Money, Rent, Tariff) {
  const auto schema = nlohmann::json::parse(io::quantity_schema<TestType>());
  const std::regex pattern(schema["pattern"].template get<std::string>());
  for (const auto& example : schema["examples"])
    CHECK(io::parse_quantity<TestType>(example.template get<std::string>()).value);
  for (const char* number :
       {"80", "1.5", "-3", "+2e3", "1,000", "1,00", "1000,000", ".5", "5.", "1e", "", "nan", "0x1"})
    for (const char* unit :
         {"",        "B",     "GiB",    "Gb", "GB/s", "Gbit/s", "EB",     "E3 B", "us",  "\u00B5s", "h",
          "TFLOPS",  "TOP/s", "YFLOP",  "W",  "kWh",  "t",      "kg/kWh", "CNY",  "cny", "CNY/h",   "CNY/device-hour",
          "CNY/kWh", "USDX",  "USD/MWh"})
      for (const auto* blanks : {"{}{}", " {}  {} "}) {
        const std::string text = fmt::format(fmt::runtime(blanks), number, unit);
        INFO(text);
        CHECK(std::regex_match(text, pattern) == io::parse_quantity<TestType>(text).value.has_value());
      }
}
