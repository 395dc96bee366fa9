// Can a damaged launch do anything but read or be refused with a place inside it?
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "launches.hpp"

namespace chipmix::interop {
namespace {

/// The text with one to three pieces cut out, repeated, or replaced by what scripts are made of.
std::string damaged(std::string text, std::mt19937& random) {
  static const std::vector<std::string> pieces = {"\"",  "'",  "$(", "((",       "${", "}",   ")", "\\",
                                                  "\n",  "=",  "--", "#",        "`",  ";",   "|", "<<",
                                                  "if ", "fi", "*",  "99999999", "-1", "\xff"};
  for (std::size_t times = 1 + random() % 3; times > 0 && !text.empty(); --times) {
    const std::size_t at = random() % text.size();
    const std::size_t length = std::min<std::size_t>(random() % 12, text.size() - at);
    if (random() % 3 == 0)
      text.insert(at, text.substr(at, length));
    else if (random() % 2 == 0)
      text.erase(at, length);
    else
      text.replace(at, length, pieces[random() % pieces.size()]);
  }
  return text;
}

}  // namespace

TEST_CASE("is every damaged launch read or refused?") {
  std::mt19937 random(1);
  scenario::Library library;
  int refused = 0;
  for (const Launch& launch : launches()) {
    const std::string text = text_of(launch);
    for (int i = 0; i < 200; ++i) {
      const std::string broken = damaged(text, random);
      try {
        import_arguments(launch.framework, launch.file, broken, library);
      } catch (const InputError& error) {
        ++refused;
        const auto lines = std::count(broken.begin(), broken.end(), '\n') + 1;
        for (const Diagnostic& fault : error.diagnostics()) {
          INFO(broken << to_text(fault));
          REQUIRE(fault.place.line >= 1);
          REQUIRE(fault.place.line <= lines);
        }
      }
    }
  }
  CHECK(refused > 100);
}

}  // namespace chipmix::interop
