#include "report/texts/texts.hpp"

#include <array>
#include <stdexcept>

namespace chipmix::report {
namespace {

using Index = std::array<const TextEntry*, static_cast<std::size_t>(Text::count)>;

Index indexed() {
  Index index{};
  for (const auto part : {front_texts(), page_texts(), chapter_texts(), figure_texts()})
    for (const TextEntry& one : part) index[static_cast<std::size_t>(one.text)] = &one;
  return index;
}

}  // namespace

const TextEntry& entry(Text text) {
  static const Index index = indexed();
  const TextEntry* found = text < Text::count ? index[static_cast<std::size_t>(text)] : nullptr;
  if (!found) throw std::logic_error("a text that the catalogue does not have");
  return *found;
}

}  // namespace chipmix::report
