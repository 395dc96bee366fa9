#include "io/python_json.hpp"

#include "io/file_text.hpp"

namespace chipmix::io {
namespace {

void overwrite(std::string& text, std::size_t at, std::string_view word, std::string_view instead) {
  if (text.compare(at, word.size(), word) == 0) text.replace(at, word.size(), instead);
}

}  // namespace

std::string without_python_numbers(std::string text) {
  bool is_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_string && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      is_string = !is_string;
    } else if (!is_string) {
      overwrite(text, i, "Infinity", "1.0e+308");
      overwrite(text, i, "NaN", "\"n\"");
      if (text[i] == '"') i += 2;  // the text just written
    }
  }
  return text;
}

Document load_python_json(const std::filesystem::path& path) {
  return Document::parse(path.string(), without_python_numbers(read_text(path)));
}

}  // namespace chipmix::io
