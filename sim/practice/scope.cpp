#include "practice/scope.hpp"

#include <stdexcept>

namespace chipmix::practice {
namespace {

template <class T, std::size_t n>
std::optional<T> named(const std::array<T, n>& all, std::string_view wanted) {
  for (const T one : all)
    if (name(one) == wanted) return one;
  return std::nullopt;
}

}  // namespace

const char* name(Scope scope) {
  switch (scope) {
    case Scope::steady:
      return "steady";
    case Scope::training:
      return "training";
    case Scope::billed:
      return "billed";
  }
  throw std::logic_error("unknown scope");
}

std::optional<Scope> scope_named(std::string_view wanted) { return named(all_scopes, wanted); }

const char* name(Practice practice) {
  switch (practice) {
    case Practice::ideal:
      return "ideal";
    case Practice::tuned:
      return "tuned";
    case Practice::typical:
      return "typical";
    case Practice::first:
      return "first";
  }
  throw std::logic_error("unknown practice");
}

std::optional<Practice> practice_named(std::string_view wanted) { return named(all_practices, wanted); }

}  // namespace chipmix::practice
