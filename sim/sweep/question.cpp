#include "sweep/question.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/spelling.hpp"
#include "scenario/anchors.hpp"
#include "sweep/content_key.hpp"

namespace chipmix::sweep {
namespace {

constexpr std::size_t id_digits = 8;  // the first group of a UUID

scenario::Scenario read(const io::Document& document, const std::filesystem::path& beside,
                        const scenario::Reach& reach) {
  scenario::Library library(beside, reach);
  return scenario::read_scenario(document, library);
}

std::vector<int> chosen(const scenario::Scenario& scenario, const std::vector<std::string>& wanted) {
  std::vector<int> options;
  std::vector<std::string> names;
  for (const auto& option : scenario.options) names.push_back(option.name);
  for (const std::string& name : wanted.empty() ? names : wanted) {
    const int index = scenario.find(name);
    if (index < 0)
      throw std::invalid_argument(fmt::format("no option '{}' in this scenario, {}", name, spelling_hint(name, names)));
    if (std::find(options.begin(), options.end(), index) != options.end())
      throw std::invalid_argument(fmt::format("option '{}' is named twice", name));
    options.push_back(index);
  }
  return options;
}

std::string sweep_id(const io::Document& document, const std::filesystem::path& beside, const Settings& settings) {
  scenario::Library library(beside, settings.reach);
  std::string how = fmt::format("chipmix {} engine {} intervals {}", CHIPMIX_VERSION, static_cast<int>(settings.engine),
                                static_cast<int>(settings.intervals));
  if (settings.anchors)
    for (const scenario::Anchor& anchor : settings.anchors->list())
      how += fmt::format(" measured {} {} {}", anchor.name, anchor.seconds, anchor.predicted);
  return content_key(content_key(data_key(library), how), document.text());
}

bool leads_into(const std::string& outer, const std::string& inner) {
  return inner == outer || inner.starts_with(outer + '/');
}

}  // namespace

Question::Question(io::Document document, std::filesystem::path beside, Settings settings)
    : document_(std::move(document)),
      beside_(std::move(beside)),
      settings_(std::move(settings)),
      scenario_(read(document_, beside_, settings_.reach)),
      options_(chosen(scenario_, settings_.options)),
      full_id_(sweep_id(document_, beside_, settings_)),
      id_(full_id_.substr(0, id_digits)) {
  for (const int index : options_)
    if (const auto& option = scenario_.options[index];
        !option.disturbed.empty() && !engine::plays_events(settings_.engine))
      throw std::invalid_argument(
          fmt::format("option '{}' has disturbances: only the event engine models them", option.name));
}

void Question::check(const std::vector<Axis>& axes) const {
  std::vector<std::string> pointers;
  for (const Axis& axis : axes) {
    const std::string pointer = document_.pointer_to(axis.path);
    if (pointer == "/currency")
      throw std::invalid_argument("'currency' cannot vary: the columns of money are named by it");
    for (std::size_t i = 0; i < pointers.size(); ++i)
      if (leads_into(pointers[i], pointer) || leads_into(pointer, pointers[i]))
        throw std::invalid_argument(fmt::format("'{}' and '{}' change the same value", axes[i].path, axis.path));
    pointers.push_back(pointer);
    if (document_.has(pointer) || axis.values.empty()) continue;
    try {
      read(document_.with(axis.path, axis.values.front()), beside_, settings_.reach);
    } catch (const InputError& error) {  // a key that is not there is either new or misspelt
      for (const Diagnostic& fault : error.diagnostics())
        if (fault.pointer == pointer) throw InputError({fault});
    }
  }
}

std::string Question::key(const Point& point, const std::string& option) const {
  Point sorted = point;
  std::sort(sorted.begin(), sorted.end());
  std::string text = option;
  for (const auto& [path, value] : sorted) text += fmt::format("\n{}={}", path, value);
  return id_ + content_key(full_id_, text).substr(id_digits);
}

}  // namespace chipmix::sweep
