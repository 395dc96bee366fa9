// The fields of a measurement file.
#include "calibration/samples.hpp"

#include <algorithm>

#include "base/spelling.hpp"

namespace chipmix::plan {

io::Names<Direction> names_of(io::Type<Direction>) {
  return {{"forward", Direction::forward}, {"backward", Direction::backward}};
}

}  // namespace chipmix::plan

namespace chipmix::calibration {

io::Names<Clock> names_of(io::Type<Clock>) { return {{"device", Clock::device}, {"host", Clock::host}}; }

namespace {

/// A member of Timed as a member of the sample that has it.
template <class T, class M>
M T::*own(M Timed::*member) {
  return member;
}

io::Rule<std::string> one_of(std::vector<std::string> names) {
  std::string text, schema;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
    schema += (schema.empty() ? "\"" : ",\"") + name + "\"";
  }
  return {[names](const std::string& x) { return std::find(names.begin(), names.end(), x) != names.end(); },
          "must be one of " + text, "\"enum\":[" + schema + "]"};
}

template <class T>
void require_time_or_error(const T& sample, const io::Value& value) {
  if (sample.seconds.values.empty() == sample.error.empty())
    value.error("a sample has either 'seconds' or 'error'", "\"seconds\": [0.0012, 0.0011], each above zero");
}

template <class T>
io::Shape<T> base(const char* title, const char* doc) {
  return io::Shape<T>(title, doc)
      .ignored("kind", "What was measured.")
      .optional("seconds", own<T>(&Timed::seconds), "Time of one call: one number or every repetition.",
                io::positive<double>())
      .optional("clock", own<T>(&Timed::clock), "Which clock timed it.")
      .optional("series", own<T>(&Timed::series), "Samples that one harness took in one way.")
      .optional("note", own<T>(&Timed::note), "Free text.")
      .optional("error", own<T>(&Timed::error), "Why there is no time.", io::not_empty<std::string>())
      .optional("cold_cache", own<T>(&Timed::cold_cache), "Inputs were flushed from the cache before each call.");
}

const auto size = io::at_least(1.0);

}  // namespace

const io::Shape<GemmSample>& shape_of(io::Type<GemmSample>) {
  static const auto shape =
      base<GemmSample>("gemm", "Matrix products [m x k][k x n].")
          .required("dtype", &GemmSample::dtype, "Type of the inputs.")
          .required("m", &GemmSample::m, "Rows.", size)
          .required("n", &GemmSample::n, "Columns.", size)
          .required("k", &GemmSample::k, "Depth.", size)
          .optional("batch", &GemmSample::batch, "Products in one call.", size)
          .optional("cast_bytes", &GemmSample::cast_bytes, "Bytes per element of A of a cast inside the timed call.",
                    io::not_negative<double>())
          .check(require_time_or_error<GemmSample>);
  return shape;
}

const io::Shape<GroupedGemmSample>& shape_of(io::Type<GroupedGemmSample>) {
  static const auto shape = base<GroupedGemmSample>("grouped_gemm", "Products of several groups in one kernel.")
                                .required("dtype", &GroupedGemmSample::dtype, "Type of the inputs.")
                                .required("groups", &GroupedGemmSample::groups, "Groups.", size)
                                .required("rows_per_group", &GroupedGemmSample::rows_per_group, "Rows of each.", size)
                                .required("n", &GroupedGemmSample::n, "Columns.", size)
                                .required("k", &GroupedGemmSample::k, "Depth.", size)
                                .check(require_time_or_error<GroupedGemmSample>);
  return shape;
}

const io::Shape<AttentionSample>& shape_of(io::Type<AttentionSample>) {
  using T = AttentionSample;
  static const auto shape = base<T>("attention", "Fused attention.")
                                .required("dtype", &T::dtype, "Type of the inputs.")
                                .required("pass", &T::pass, "Forward, or backward alone.")
                                .required("batch", &T::batch, "Sequences.", size)
                                .required("heads", &T::heads, "Query heads.", size)
                                .optional("kv_heads", &T::kv_heads, "Key and value heads (heads).", size)
                                .required("sequence", &T::sequence, "Queries of a sequence.", size)
                                .optional("keys", &T::keys, "Keys of a sequence (sequence).", size)
                                .required("head_size", &T::head_size, "Elements of a head.", size)
                                .optional("causal", &T::causal, "Whether a query sees earlier keys only.")
                                .optional("kernel", &T::kernel, "Which implementation.")
                                .check(require_time_or_error<T>);
  return shape;
}

const io::Shape<StreamSample>& shape_of(io::Type<StreamSample>) {
  static const auto shape =
      base<StreamSample>("stream", "A kernel bound by memory.")
          .required("op", &StreamSample::op, "What it does.",
                    one_of({"copy", "add", "norm", "activation", "cast", "optimizer"}))
          .required("bytes", &StreamSample::bytes, "Read plus written by one call.", io::positive<double>())
          .optional("kernels", &StreamSample::kernels, "Kernels of one call.", size)
          .check(require_time_or_error<StreamSample>);
  return shape;
}

const io::Shape<LaunchSample>& shape_of(io::Type<LaunchSample>) {
  static const auto shape =
      base<LaunchSample>("launch", "An empty kernel.")
          .required("what", &LaunchSample::what, "Where it was timed.", one_of({"device", "host", "round_trip"}))
          .check(require_time_or_error<LaunchSample>);
  return shape;
}

const io::Shape<HostCopySample>& shape_of(io::Type<HostCopySample>) {
  static const auto shape =
      base<HostCopySample>("host_copy", "A copy between host and device.")
          .required("direction", &HostCopySample::direction, "Which way.", one_of({"to_device", "to_host"}))
          .optional("pinned", &HostCopySample::pinned, "Whether the host's memory was pinned.")
          .required("bytes", &HostCopySample::bytes, "Size.", io::positive<double>())
          .check(require_time_or_error<HostCopySample>);
  return shape;
}

namespace {

void check_time_series(const SustainedSample& sample, const io::Value& value) {
  if (sample.seconds_over_time.empty() && sample.error.empty())
    value.error("a sustained sample has 'seconds_over_time' or 'error'", "\"seconds_over_time\": [[0.1, 0.0015], ...]");
  for (const char* key : {"seconds_over_time", "clock_mhz", "power_w"}) {
    const auto list = value.find(key);
    if (!list) continue;
    for (const io::Value& pair : list->as_list()) {
      const auto both = pair.as_list();
      const auto number = both.size() == 2 ? both[1].as_number() : std::nullopt;
      if (!number || !(*number > 0) || !(both[0].as_number().value_or(-1) >= 0))
        pair.error("expected [seconds since the start, value], the value above zero", "for example [0.5, 0.0015]");
    }
  }
}

}  // namespace

const io::Shape<SustainedSample>& shape_of(io::Type<SustainedSample>) {
  using T = SustainedSample;
  static const auto shape = base<T>("sustained", "One product for minutes.")
                                .required("dtype", &T::dtype, "Type of the inputs.")
                                .required("m", &T::m, "Rows.", size)
                                .required("n", &T::n, "Columns.", size)
                                .required("k", &T::k, "Depth.", size)
                                .optional("seconds_over_time", &T::seconds_over_time, "Pairs of time and duration.")
                                .optional("clock_mhz", &T::clock_mhz, "Pairs of time and clock.")
                                .optional("power_w", &T::power_w, "Pairs of time and power.")
                                .check(check_time_series);
  return shape;
}

const io::Shape<CollectiveSample>& shape_of(io::Type<CollectiveSample>) {
  using T = CollectiveSample;
  static const auto shape =
      base<T>("collective", "A collective over all ranks.")
          .required("op", &T::op, "Which one.",
                    one_of({"all_reduce", "all_gather", "reduce_scatter", "all_to_all", "broadcast", "send_recv"}))
          .required("ranks", &T::ranks, "Ranks that take part.", io::at_least(2))
          .optional("ranks_per_node", &T::ranks_per_node, "Ranks of one server (all).", io::at_least(1))
          .required("bytes", &T::bytes, "Size of the buffer.", io::positive<double>())
          .optional("dtype", &T::dtype, "Type of the elements.")
          .check(require_time_or_error<T>)
          .check([](const T& sample, const io::Value& value) {
            if (sample.ranks_per_node && sample.ranks % *sample.ranks_per_node != 0)
              value.error("'ranks' must be a multiple of 'ranks_per_node'", "every server with as many ranks");
          });
  return shape;
}

const io::Shape<CheckSample>& shape_of(io::Type<CheckSample>) {
  using T = CheckSample;
  const auto count = io::at_least(1);
  static const auto shape =
      base<T>("check", "A block or a step, to hold predictions against.")
          .required("what", &T::what, "A transformer block or a whole step.", one_of({"block", "step"}))
          .optional("pass", &T::pass, "How much of it.", one_of({"forward", "forward_backward"}))
          .optional("optimizer", &T::optimizer, "Optimizer of a step.")
          .optional("dtype", &T::dtype, "Type of the matrix products.")
          .optional("hidden", &T::hidden, "Width of the model.", count)
          .optional("ffn_hidden", &T::ffn_hidden, "Width of the MLP.", count)
          .optional("heads", &T::heads, "Query heads.", count)
          .optional("kv_heads", &T::kv_heads, "Key and value heads.", count)
          .optional("head_size", &T::head_size, "Elements of a head.", count)
          .optional("sequence", &T::sequence, "Tokens of a sequence.", count)
          .optional("micro_batch", &T::micro_batch, "Sequences.", count)
          .optional("layers", &T::layers, "Layers of a step.", count)
          .optional("vocabulary", &T::vocabulary, "Vocabulary of a step.", count)
          .optional("peak_memory_bytes", &T::peak_memory_bytes, "Peak memory.", io::positive<double>())
          .optional("gated", &T::gated, "Whether the MLP is gated.")
          .optional("flash", &T::flash, "Whether attention is fused.")
          .check(require_time_or_error<T>);
  return shape;
}

const io::Shape<MeasuredDevice>& shape_of(io::Type<MeasuredDevice>) {
  using T = MeasuredDevice;
  static const auto shape =
      io::Shape<T>("measured device", "What was measured on.")
          .required("name", &T::name, "As the driver prints it.", io::not_empty<std::string>())
          .required("backend", &T::backend, "How it was reached.",
                    one_of({"cuda", "rocm", "npu", "musa", "mlu", "xpu", "tpu", "cpu"}))
          .optional("driver", &T::driver, "Driver version.")
          .optional("count", &T::count, "Devices that took part.", io::at_least(1))
          .optional("memory_bytes", &T::memory_bytes, "Memory of one.", io::positive<double>())
          .optional("compute_units", &T::compute_units, "Compute units of one.", io::positive<double>())
          .optional("clock_mhz", &T::clock_mhz, "Compute clock that was set.", io::positive<double>())
          .optional("power_limit_w", &T::power_limit_w, "Power limit that was set.", io::positive<double>());
  return shape;
}

namespace {

bool is_date(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (std::size_t i : {0u, 1u, 2u, 3u, 5u, 6u, 8u, 9u})
    if (text[i] < '0' || text[i] > '9') return false;
  const int month = std::stoi(text.substr(5, 2)), day = std::stoi(text.substr(8, 2));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

io::Rule<std::string> date() {
  return {is_date, "must be a day as YYYY-MM-DD", "\"pattern\":\"^[0-9]{4}-[0-9]{2}-[0-9]{2}$\""};
}

}  // namespace

const io::Shape<Measurements>& shape_of(io::Type<Measurements>) {
  using T = Measurements;
  static const auto shape =
      io::Shape<T>("measurements", "What was measured on one kind of device.")
          .ignored("$schema", "Schema this file follows, for editors.")
          .required("chipmix_measurements", &T::version, "Version of this format.", io::between(1, 1))
          .required("device", &T::device, "What was measured on.")
          .required("date", &T::date, "Day of the measurement.", date())
          .optional("host", &T::host, "A word on the host.")
          .optional("software", &T::software, "Names and versions.")
          .required("samples", &T::samples, "What was measured.", io::not_empty<std::vector<Sample>>());
  return shape;
}

double seconds_of(const Timed& sample) {
  std::vector<double> all = sample.seconds.values;
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  if (all.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(all.begin(), middle)) / 2;
}

}  // namespace chipmix::calibration

namespace chipmix::io {
namespace {

using calibration::Sample;

template <std::size_t... I>
std::optional<Sample> read_as(std::size_t kind, const Value& value, std::index_sequence<I...>) {
  std::optional<Sample> sample;
  const auto one = [&]<std::size_t J>() {
    if (J != kind) return;
    if (auto read = io::read<std::variant_alternative_t<J, Sample>>(value)) sample = std::move(*read);
  };
  (one.template operator()<I>(), ...);
  return sample;
}

template <std::size_t... I>
std::vector<std::string> schemas(std::index_sequence<I...>) {
  return {io::schema<std::variant_alternative_t<I, Sample>>()...};
}

constexpr auto all_kinds = std::make_index_sequence<std::variant_size_v<Sample>>();

}  // namespace

std::optional<Sample> Reading<Sample>::read(const Value& value) {
  if (!value.is_object()) return value.expected("an object"), std::nullopt;
  const auto kind = value.find("kind");
  if (!kind)
    return value.error("'kind' is missing", "say what was measured, for example \"kind\": \"gemm\""), std::nullopt;
  const auto text = kind->as_text();
  if (!text) return std::nullopt;
  const auto& names = calibration::kinds;
  const auto found = std::find(names.begin(), names.end(), *text);
  if (found == names.end()) {
    kind->error("unknown kind '" + *text + "'", spelling_hint(*text, {names.begin(), names.end()}));
    return std::nullopt;
  }
  return read_as(static_cast<std::size_t>(found - names.begin()), value, all_kinds);
}

std::string Reading<Sample>::schema() { return any_schema(schemas(all_kinds)); }

}  // namespace chipmix::io
