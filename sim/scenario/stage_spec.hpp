// What a job may say beside its tokens: stages one after another, and the day by which it must be done.
#pragma once

#include <optional>
#include <string>

#include "io/shape.hpp"

namespace chipmix::scenario {

/// A part of the job with a shape of its own; what it does not say it takes from the job.
struct StageSpec {
  std::string name;
  io::Count tokens;
  std::optional<int> sequence_length;
  std::optional<int> global_batch;
};

/// In a file: a time from the start ("60 days"), or a day ("2026-12-31").
struct DeadlineSpec {
  std::optional<Seconds> after;
  std::optional<std::string> day;  ///< YYYY-MM-DD
};

/// Largest values of a job and its stages: far above any run there is, and small enough that products of them stay
/// within a 64-bit integer.
inline constexpr int most_tokens_of_sequence = 1 << 24;
inline constexpr int most_sequences = 1 << 18;  // of a step; a pipeline's schedule is played micro-batch by micro-batch
inline constexpr double most_tokens = 1e18;

/// ISO 8601 calendar dates that there are.
bool is_day(const std::string& text);
io::Rule<std::string> date();
/// Days from one calendar date to another.
double days_between(const std::string& from, const std::string& to);

const io::Shape<StageSpec>& shape_of(io::Type<StageSpec>);

}  // namespace chipmix::scenario

namespace chipmix::io {

template <>
struct Reading<scenario::DeadlineSpec> {
  static std::optional<scenario::DeadlineSpec> read(const Value& value);
  static std::string schema();
};

}  // namespace chipmix::io
