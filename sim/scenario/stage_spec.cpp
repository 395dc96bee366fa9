#include "scenario/stage_spec.hpp"

#include <algorithm>
#include <chrono>

namespace chipmix::scenario {
namespace {

std::chrono::year_month_day calendar(const std::string& text) {
  using namespace std::chrono;
  const auto number = [&](std::size_t from, std::size_t digits) { return std::stoi(text.substr(from, digits)); };
  return {year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))), day(static_cast<unsigned>(number(8, 2)))};
}

bool has_form_of_day(const std::string& text) {
  const std::string form = "dddd-dd-dd";
  return std::equal(text.begin(), text.end(), form.begin(), form.end(),
                    [](char c, char f) { return f == 'd' ? c >= '0' && c <= '9' : c == f; });
}

}  // namespace

bool is_day(const std::string& text) { return has_form_of_day(text) && calendar(text).ok(); }

io::Rule<std::string> date() {
  return {is_day, "must be a day as YYYY-MM-DD", R"("pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")"};
}

double days_between(const std::string& from, const std::string& to) {
  using std::chrono::sys_days;
  return static_cast<double>((sys_days(calendar(to)) - sys_days(calendar(from))).count());
}

const io::Shape<StageSpec>& shape_of(io::Type<StageSpec>) {
  static const auto shape =
      io::Shape<StageSpec>("stage", "A part of the job with a shape of its own; the rest it takes from the job.")
          .optional("name", &StageSpec::name, "What to call it; \"stage 1\" and so on if left out.",
                    io::not_empty<std::string>())
          .required("tokens", &StageSpec::tokens, "Tokens of this stage, for example \"200B\".",
                    io::between(io::Count{1}, io::Count{most_tokens}))
          .optional("sequence_length", &StageSpec::sequence_length, "Tokens of one sequence; the job's if left out.",
                    io::between(1, most_tokens_of_sequence))
          .optional("global_batch", &StageSpec::global_batch, "Sequences per optimizer step; the job's if left out.",
                    io::between(1, most_sequences));
  return shape;
}

}  // namespace chipmix::scenario

namespace chipmix::io {

using scenario::DeadlineSpec;

std::optional<DeadlineSpec> Reading<DeadlineSpec>::read(const Value& value) {
  const std::optional<std::string> text = quantity_source(value);
  if (!text) return std::nullopt;
  if (scenario::has_form_of_day(*text)) {
    if (scenario::is_day(*text)) return DeadlineSpec{{}, *text};
    value.error(fmt::format("there is no day {}", *text));
    return std::nullopt;
  }
  const QuantityText<Seconds> time = parse_quantity<Seconds>(*text);
  if (!time.value)
    value.error(time.message, time.hint + "; or a day as \"2026-12-31\"");
  else if (*time.value <= Seconds{})
    value.error(fmt::format("'deadline' must be more than 0, found {}", value.to_json()));
  else
    return DeadlineSpec{*time.value, {}};
  return std::nullopt;
}

std::string Reading<DeadlineSpec>::schema() {
  return any_schema({quantity_schema<Seconds>(), R"({"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})"});
}

}  // namespace chipmix::io
