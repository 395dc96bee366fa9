// A large JSON object of which one list is read element by element: the list may be of any length.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "io/text_stream.hpp"

namespace chipmix::io {

/// A part of a text, and where it begins.
struct TextPart {
  std::string text;
  Place place{1, 1};
};

/// A fault at a byte of a part, placed in the whole file.
Diagnostic diagnostic_in(const std::string& file, const TextPart& part, std::size_t offset, std::string message,
                         std::string hint);

class ElementStream {
 public:
  /// Of the members of the text's object: `list` is the one that is read by its elements, of the others those in
  /// `members` are kept.
  ElementStream(TextStream stream, std::string list, std::vector<std::string> members);

  const std::string& name() const { return stream_.name(); }
  /// The next element, a JSON value; nothing at the end of the text. Throws InputError with the place of what is no
  /// JSON: a cut file, brackets deeper than 100, an element of more than 4 MiB. The part stays until the next call.
  const TextPart* next();
  /// Whether the list was met, and what of the other members was met before the text's end.
  bool has_list() const { return has_list_; }
  const TextPart& list_place() const { return list_place_; }
  const std::map<std::string, TextPart>& members() const { return members_; }

 private:
  std::optional<char> get();
  std::optional<char> peek();
  std::optional<char> after_blanks();
  void advance(std::size_t bytes);
  void expect(char wanted, const char* where);
  TextPart value(bool is_kept);
  [[noreturn]] void fault(std::string message, std::string hint = "");
  void check(const TextPart& part);
  void begin();
  bool to_list();

  TextStream stream_;
  std::string list_;
  std::vector<std::string> wanted_;
  std::map<std::string, TextPart> members_;
  TextPart element_, list_place_;
  std::string_view piece_;
  std::string line_;  ///< so far, its last bytes
  Place place_{1, 1};
  bool has_list_ = false, is_begun_ = false, in_list_ = false, is_done_ = false, is_first_ = true;
};

}  // namespace chipmix::io
