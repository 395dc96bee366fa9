// Text read piece by piece, so that a file of any size takes little memory: plain, or compressed with gzip.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chipmix::io {

class TextStream {
 public:
  /// Throws FileError if the file cannot be opened.
  explicit TextStream(const std::filesystem::path& path);
  /// A text that is there already; `name` is for messages.
  TextStream(std::string name, std::string text);
  TextStream(TextStream&&) noexcept;
  TextStream& operator=(TextStream&&) noexcept;
  ~TextStream();

  const std::string& name() const;
  /// The next piece, which stays until the next call; empty at the end. Throws InputError where a compressed file is
  /// cut or spoilt, and FileError.
  std::string_view next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A line without its end.
struct StreamLine {
  std::string_view text;  ///< stays until the next one is asked for
  std::size_t number = 0;
  bool is_ended = true;  ///< false: the text ends here, inside the line
};

class LineStream {
 public:
  explicit LineStream(TextStream stream) : stream_(std::move(stream)) {}

  const std::string& name() const { return stream_.name(); }
  /// Nothing at the end. Throws InputError at a line longer than 16 MiB.
  std::optional<StreamLine> next();

 private:
  TextStream stream_;
  std::string_view piece_;
  std::string line_;
  std::size_t number_ = 0;
};

}  // namespace chipmix::io
