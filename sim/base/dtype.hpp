// Number formats of training: how many bytes an element takes.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace chipmix {

enum class Dtype { fp32, tf32, fp16, bf16, fp8, int8 };

inline constexpr std::array all_dtypes = {Dtype::fp32, Dtype::tf32, Dtype::fp16, Dtype::bf16, Dtype::fp8, Dtype::int8};

const char* name(Dtype dtype);
std::optional<Dtype> dtype_named(std::string_view name);
double bytes_per_element(Dtype dtype);

}  // namespace chipmix
