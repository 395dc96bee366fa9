// What an installation has: program, data, optional parts, terminal.
#pragma once

#include <string>
#include <vector>

#include "report/page.hpp"

namespace chipmix::report {

struct Health {
  struct Fact {
    std::string what, value;
  };
  /// Files of one kind, and how many of them can be read.
  struct Data {
    std::string kind, folder;  ///< folder: empty where there is none
    std::size_t files = 0, clean = 0;
  };
  struct Part {
    std::string what, found;  ///< found: empty where it is missing
    std::string without;      ///< what one loses
  };

  std::vector<Fact> program, terminal;
  std::vector<Data> data;
  std::vector<Part> parts;
  std::vector<std::string> faults;  ///< what keeps chipmix from answering, in words; none: all is well

  bool is_well() const { return faults.empty(); }
};

Page health_page(const Health& health);

}  // namespace chipmix::report
