#include "base/sourced.hpp"

#include <stdexcept>

namespace chipmix {

const char* name(Evidence grade) {
  switch (grade) {
    case Evidence::measured:
      return "measured";
    case Evidence::fitted:
      return "fitted";
    case Evidence::datasheet:
      return "datasheet";
    case Evidence::quote:
      return "quote";
    case Evidence::scaled:
      return "scaled";
    case Evidence::assumed:
      return "assumed";
  }
  throw std::logic_error("unknown evidence grade");
}

}  // namespace chipmix
