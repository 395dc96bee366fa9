// All targets as one libFuzzer program; CHIPMIX_FUZZ_TARGET names the one that runs. run.py starts it.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "target.hpp"

namespace {

const chipmix::fuzz::Target* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* name = std::getenv("CHIPMIX_FUZZ_TARGET");
  chosen = name ? chipmix::fuzz::find(name) : nullptr;
  if (chosen) return 0;
  std::fputs("CHIPMIX_FUZZ_TARGET names no target: see run.py\n", stderr);
  std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    chipmix::fuzz::run(*chosen, {reinterpret_cast<const char*>(data), size});
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "%s\n", fault.what());
    std::abort();
  }
  return 0;
}
