// Runs the benchmarks, after registering those of each file.
#include <benchmark/benchmark.h>

#include "benchmarks.hpp"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  chipmix::bench::register_readings();
  chipmix::bench::register_estimates();
  chipmix::bench::register_events();
  chipmix::bench::register_purchases();
  chipmix::bench::register_searches();
  benchmark::RunSpecifiedBenchmarks();
}
