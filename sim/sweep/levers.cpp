#include "sweep/levers.hpp"

#include <fmt/format.h>

#include <string_view>

namespace chipmix::sweep {
namespace {

/// Whether a pointer leads to something inside what `parent` leads to. A part that is replaced whole may appear or go,
/// and what then fits together only a reading of the whole scenario tells.
bool is_inside(std::string_view pointer, std::string_view parent) {
  return pointer.size() > parent.size() && pointer.starts_with(parent) && pointer[parent.size()] == '/';
}

bool is_at(std::string_view pointer, std::string_view place) { return pointer == place || is_inside(pointer, place); }

constexpr const char* step_parts[] = {"/cluster", "/plan", "/search", "/dtype", "/disturbed"};

Lever lever_of_own(std::string_view pointer, const std::string& option) {
  const auto inside = [&](const char* key) { return is_inside(pointer, option + key); };
  if (inside("/rent") || inside("/commitment")) return Lever::rent;
  if (inside("/own")) return Lever::own;
  if (inside("/tariff")) return Lever::tariff;
  if (inside("/reliability")) return Lever::reliability;
  for (const char* key : step_parts)
    if (is_at(pointer, option + key)) return Lever::step;
  return Lever::whole;
}

/// Of options, the one with this index aside: they are read, and then not used.
Lever lever_of_other(std::string_view pointer) {
  const auto index = pointer.find('/', std::string_view("/options/").size());
  if (index == std::string_view::npos) return Lever::whole;
  const std::string_view rest = pointer.substr(index);
  for (const char* key : {"/rent", "/commitment", "/own", "/tariff", "/reliability"})
    if (is_inside(rest, key)) return Lever::nothing;
  for (const char* key : step_parts)
    if (is_at(rest, key)) return Lever::nothing;
  return Lever::whole;
}

}  // namespace

Lever lever_of(const std::string& pointer, int option) {
  const std::string own = fmt::format("/options/{}", option);
  if (is_inside(pointer, own)) return lever_of_own(pointer, own);
  if (is_inside(pointer, "/options")) return lever_of_other(pointer);
  if (pointer == "/job/tokens") return Lever::tokens;
  if (is_inside(pointer, "/job")) return Lever::step;
  if (is_at(pointer, "/electricity/tariff")) return Lever::tariff;
  if (is_inside(pointer, "/electricity")) return Lever::electricity;
  if (is_inside(pointer, "/exchange_rates") && pointer.ends_with("/rate")) return Lever::rates;
  if (is_inside(pointer, "/reliability")) return Lever::reliability;
  return Lever::whole;
}

Terms terms_of(const scenario::Scenario& scenario, int index) {
  const scenario::Option& option = scenario.options[index];
  return {option.rents,         option.commitment, option.owned,       option.tariffs,
          scenario.electricity, scenario.rates,    option.reliability, scenario.job.tokens};
}

void pull(Lever lever, const Terms& terms, scenario::Scenario& scenario, int index) {
  scenario::Option& option = scenario.options[index];
  switch (lever) {
    case Lever::rent:
      option.rents = terms.rents;
      option.commitment = terms.commitment;
      break;
    case Lever::own:
      option.owned = terms.owned;
      break;
    case Lever::tariff:
      option.tariffs = terms.tariffs;
      break;
    case Lever::electricity:
      scenario.electricity = terms.electricity;
      break;
    case Lever::rates:
      scenario.rates = terms.rates;
      break;
    case Lever::reliability:
      option.reliability = terms.reliability;
      break;
    case Lever::tokens:
      scenario.job.tokens = terms.tokens;
      break;
    case Lever::whole:
    case Lever::step:
    case Lever::nothing:
      break;
  }
}

}  // namespace chipmix::sweep
