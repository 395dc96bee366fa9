// Words for cells: what a key ("rent:h200-rent") is called in formulas ("rent_h200_rent").
#pragma once

#include <map>
#include <set>
#include <string>

namespace chipmix::report::book {

class Names {
 public:
  /// The word of a key, the same every time: letters, digits and "_", no two alike in any case of letters, none that
  /// spreadsheets would take for a cell.
  const std::string& of(const std::string& key);
  /// Whether somebody asked for it.
  bool knows(const std::string& key) const { return words_.count(key) > 0; }

 private:
  std::map<std::string, std::string> words_;
  std::set<std::string> taken_;  ///< in small letters
};

}  // namespace chipmix::report::book
