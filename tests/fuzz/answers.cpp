// Scenarios among the extremes of what is valid. Each byte chooses one value of a table; an answer that the gate
// refuses, but for runs that no price and no device can end, is a fault of the laws.
#include <fmt/format.h>

#include "scenario/answer.hpp"
#include "scenario/sound.hpp"
#include "target.hpp"

namespace chipmix::fuzz {
namespace {

using Values = std::vector<const char*>;

/// Takes bytes from the front; 0 once there are none, so that every first value is the usual one.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : bytes_(bytes) {}

  const char* of(const Values& values) { return values[index(values.size())]; }
  const std::string& named(const std::vector<std::string>& values) { return values[index(values.size())]; }
  bool yes() { return index(2) == 1; }

 private:
  std::size_t index(std::size_t count) {
    if (at_ >= bytes_.size()) return 0;
    return static_cast<unsigned char>(bytes_[at_++]) % count;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

const Values models = {"llama-3.1-8b", "qwen3-30b-a3b", "deepseek-v3",  "falcon-mamba-7b", "gpt2",
                       "bloom-176b",   "gemma-2-27b",   "mixtral-8x7b", "chatglm3-6b",     "llama-3.1-405b"};
const Values lengths = {"4096", "1", "128", "8192", "131072", "1000000"};
const Values batches = {"256", "1", "7", "64", "4096", "100000"};
const Values amounts = {"\"1T\"", "1", "\"1M\"", "\"30B\"", "1e15", "1e18"};
const Values dtypes = {"bf16", "fp32", "tf32", "fp16", "fp8", "fp4", "int8"};
const Values practices = {"ideal", "tuned", "typical", "first"};
const Values counts = {"64", "1", "2", "3", "8", "1000", "1024", "65536"};
const Values degrees = {"1", "2", "3", "4", "8", "16", "64"};
const Values recomputes = {"none", "selective", "full"};
const Values zeros = {"optimizer", "none", "gradients", "parameters"};
const Values rents = {"2 USD/h", "0.000001 USD/h", "1 CNY/h", "99999 USD/h", "27.5 CNY/h"};
const Values times = {"50000 h", "1 s", "1 min", "100000 h", "1000000 h"};
const Values rates = {"2 TB/s", "1 B/s", "1 MB/s", "100 TB/s"};
const Values shares = {"0.3", "0", "0.001", "0.999", "1"};
const Values fabrics = {"rail-optimised-non-blocking", "fat-tree-oversubscribed-4to1", "fat-tree-non-blocking",
                        "rail-optimised-oversubscribed-2to1"};

scenario::Library& library() {
  static scenario::Library one({}, {false, {}});
  return one;
}

const std::vector<std::string>& devices() {
  static const std::vector<std::string> ids = library().ids("devices");
  return ids;
}

std::string figure(const std::string& value) {
  return fmt::format("{{\"value\": {}, \"grade\": \"assumed\", \"source\": \"chosen\"}}", value);
}

/// The degrees of a plan; a search over two of them where none is named.
std::string plan_of(Choices& choose) {
  if (choose.yes())
    return fmt::format(R"("search": {{"tensor": [1, {}], "pipeline": [{}], "micro_batch": [1], "context": [1]}})",
                       choose.of(degrees), choose.of(degrees));
  return fmt::format(
      R"("plan": {{"tensor": {}, "pipeline": {}, "context": {}, "expert": {}, "micro_batch": {}, "recompute": "{}", )"
      R"("zero": "{}"}})",
      choose.of(degrees), choose.of(degrees), choose.of({"1", "2", "8"}), choose.of(degrees), choose.of(degrees),
      choose.of(recomputes), choose.of(zeros));
}

std::string option(Choices& choose, const char* name) {
  std::string text = fmt::format(R"({{"name": "{}", "cluster": {{"device": "{}", "devices": {}, "fabric": "{}"}}, {})",
                                 name, choose.named(devices()), choose.of(counts), choose.of(fabrics), plan_of(choose));
  if (!choose.yes()) text += fmt::format(R"(, "rent": {})", figure(fmt::format("\"{}\"", choose.of(rents))));
  if (choose.yes()) text += fmt::format(R"(, "mfu": {})", choose.of({"0.4", "0.000001", "1", "0.99"}));
  if (choose.yes()) text += fmt::format(R"(, "dtype": "{}")", choose.of(dtypes));
  return text + "}";
}

bool is_endless(const std::string& reason) { return reason.find("it never ends") != std::string::npos; }

}  // namespace

std::string extreme_scenario(std::string_view bytes) {
  Choices choose(bytes);
  std::string text = fmt::format(
      R"({{"name": "extremes", "currency": "{}", "job": {{"model": "{}", "sequence_length": {}, "global_batch": {}, )"
      R"("tokens": {}, "dtype": "{}", "practice": "{}"}}, "options": [)",
      choose.of({"USD", "CNY"}), choose.of(models), choose.of(lengths), choose.of(batches), choose.of(amounts),
      choose.of(dtypes), choose.of(practices));
  text += option(choose, "a");
  if (choose.yes()) text += ", " + option(choose, "b");
  text += "]";
  if (choose.yes())
    text +=
        fmt::format(R"(, "reliability": {{"device_mtbf": {}, "recovery": {}, "storage": {}, "spares": {}}})",
                    figure(fmt::format("\"{}\"", choose.of(times))), figure(fmt::format("\"{}\"", choose.of(times))),
                    figure(fmt::format("\"{}\"", choose.of(rates))), figure(choose.of(shares)));
  if (choose.yes())
    text += fmt::format(R"(, "electricity": {{"pue": {}, "tariff": {}, "carbon": {}}})",
                        figure(choose.of({"1", "1.25", "10"})),
                        figure(choose.of({"\"0.1 USD/kWh\"", "\"0 USD/kWh\"", "\"1000 CNY/kWh\""})),
                        figure(choose.of({"\"0.5 kg/kWh\"", "\"0 kg/kWh\"", "\"100 kg/kWh\""})));
  return text + "}";
}

void extreme_answers(std::string_view bytes) {
  const std::string text = extreme_scenario(bytes);
  const io::Document document = io::Document::parse("extremes.json", text);
  const scenario::Scenario asked = scenario::read_scenario(document, library());
  scenario::Settings settings;
  settings.stop = [count = 0]() mutable { return ++count > 200; };
  const scenario::Comparison answer = scenario::compare(asked, document, library(), settings);
  for (const scenario::OptionAnswer& one : answer.options) {
    const auto fault = scenario::impossible(one, asked);
    require(!fault, "an impossible answer: " + fault.value_or("") + "\n" + text);
    const bool is_refused = one.reason && one.reason->constraint == estimate::Constraint::impossible;
    require(!is_refused || is_endless(one.reason->explanation),
            "the gate had to refuse: " + (one.reason ? one.reason->explanation : "") + "\n" + text);
  }
}

}  // namespace chipmix::fuzz
