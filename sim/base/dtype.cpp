#include "base/dtype.hpp"

#include <stdexcept>

namespace chipmix {

const char* name(Dtype dtype) {
  switch (dtype) {
    case Dtype::fp32:
      return "fp32";
    case Dtype::tf32:
      return "tf32";
    case Dtype::fp16:
      return "fp16";
    case Dtype::bf16:
      return "bf16";
    case Dtype::fp8:
      return "fp8";
    case Dtype::int8:
      return "int8";
  }
  throw std::logic_error("unknown dtype");
}

std::optional<Dtype> dtype_named(std::string_view text) {
  for (Dtype dtype : all_dtypes)
    if (text == name(dtype)) return dtype;
  return std::nullopt;
}

double bytes_per_element(Dtype dtype) {
  switch (dtype) {
    case Dtype::fp32:
    case Dtype::tf32:
      return 4;
    case Dtype::fp16:
    case Dtype::bf16:
      return 2;
    case Dtype::fp8:
    case Dtype::int8:
      return 1;
  }
  throw std::logic_error("unknown dtype");
}

}  // namespace chipmix
