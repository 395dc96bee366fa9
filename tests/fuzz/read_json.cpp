// Our own formats, models and tables of runs: all JSON; and the words of a question.
#include <fmt/format.h>

#include <cmath>
#include <sstream>

#include "io/document.hpp"
#include "io/python_json.hpp"
#include "io/quantity_text.hpp"
#include "io/shape.hpp"
#include "prices/quote.hpp"
#include "scenario/ask.hpp"
#include "scenario/cases.hpp"
#include "scenario/library.hpp"
#include "scenario/plan_file.hpp"
#include "scenario/scenario.hpp"
#include "target.hpp"
#include "validation/published_run.hpp"
#include "validation/whole_run.hpp"
#include "workload/hf_config.hpp"

namespace chipmix::fuzz {
namespace {

/// Reads nothing but the data folders.
scenario::Library& library() {
  static scenario::Library one({}, {false, {}});
  return one;
}

/// Every value of a document, as readers come to them.
std::size_t walk(const io::Value& value) {
  std::size_t seen = 1;
  if (value.is_object())
    for (const auto& [key, member] : value.members()) seen += walk(member);
  else if (value.is_list())
    for (const io::Value& element : value.as_list()) seen += walk(element);
  else
    value.as_number(), value.as_text(), value.as_integer();
  return seen;
}

template <class Q>
void quantity(std::string_view text) {
  const io::QuantityText<Q> read = io::parse_quantity<Q>(text);
  require(read.value.has_value() != !read.message.empty(), "a quantity is read or a message says why not");
}

template <class T>
void read_as(const io::Document& document) {
  io::Diagnostics diagnostics;
  const auto read = io::read<T>(document.root(diagnostics));
  require(read.has_value() || !diagnostics.empty(), "what is not read has a fault");
  for (const Diagnostic& one : diagnostics.list()) require(!to_text(one).empty(), "a fault has words");
}

}  // namespace

void json_text(std::string_view bytes) {
  const io::Document document = io::Document::parse("fuzz.json", std::string(bytes));
  io::Diagnostics diagnostics;
  const std::size_t values = walk(document.root(diagnostics));
  const io::Document again = io::Document::parse("again.json", document.json());
  require(walk(again.root(diagnostics)) == values, "what was read and written is read the same");
}

void quantities(std::string_view text) {
  quantity<Bytes>(text);
  quantity<Seconds>(text);
  quantity<Flops>(text);
  quantity<Joules>(text);
  quantity<Kilograms>(text);
  quantity<BytesPerSecond>(text);
  quantity<FlopsPerSecond>(text);
  quantity<Watts>(text);
  quantity<KilogramsPerJoule>(text);
  quantity<Money>(text);
  quantity<Rent>(text);
  quantity<Tariff>(text);
  const auto count = io::parse_count(text);
  require(!count.value || std::isfinite(*count.value), "a count is finite");
}

void question(std::string_view bytes) {
  scenario::Asked asked;
  std::istringstream stream{std::string(bytes)};
  for (std::string word; stream >> word;) {
    if (word.starts_with("within="))
      asked.within = word.substr(7);
    else if (word.starts_with("budget="))
      asked.budget = word.substr(7);
    else
      asked.words.push_back(word);
  }
  const io::Document document = scenario::document_of(asked, library());
  scenario::read_scenario(document, library());
}

void scenario_file(std::string_view bytes) {
  const io::Document document = io::Document::parse("fuzz.json", std::string(bytes));
  const scenario::Scenario read = scenario::read_scenario(document, library());
  scenario::read_cases(read, document, library());
}

void profile(std::string_view bytes) {
  const io::Document document = io::Document::parse("fuzz.json", std::string(bytes));
  read_as<hardware::DeviceSpec>(document);
  read_as<hardware::NodeSpec>(document);
  read_as<hardware::LinkSpec>(document);
  read_as<hardware::FabricSpec>(document);
  read_as<hardware::SoftwareStack>(document);
  read_as<scenario::PlanFile>(document);
  read_as<prices::QuoteFile>(document);
  read_as<prices::RateFile>(document);
}

void model_config(std::string_view bytes) {
  const io::Document document = io::Document::parse("config.json", io::without_python_numbers(std::string(bytes)));
  io::Diagnostics diagnostics;
  const auto model = workload::read_hf_config(document.root(diagnostics));
  require(model.has_value() || !diagnostics.empty(), "a model that is not read has a fault");
}

void run_table(std::string_view bytes) {
  const io::Document document = io::Document::parse("runs.json", std::string(bytes));
  io::Diagnostics diagnostics;
  validation::read_runs(document.root(diagnostics));
  validation::read_whole_runs(document.root(diagnostics));
}

}  // namespace chipmix::fuzz
