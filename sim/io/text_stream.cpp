#include "io/text_stream.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "base/diagnostic.hpp"
#include "io/gunzip.hpp"

namespace chipmix::io {
namespace {

constexpr std::size_t block_bytes = 1u << 18u;
constexpr std::size_t longest_line = 16u << 20u;  // bytes

}  // namespace

struct TextStream::State {
  std::string name;
  std::ifstream file;
  bool is_text = false;  ///< there already
  bool is_given = false;
  std::vector<char> block;
  std::string text;
  std::optional<Gunzip> packed;
  bool is_begun = false;

  std::string_view read() {
    if (is_text) {
      if (std::exchange(is_given, true)) return {};
      return text;
    }
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    if (file.bad()) throw FileError(name, "cannot be read");
    return {block.data(), static_cast<std::size_t>(file.gcount())};
  }

  std::string_view unpacked() {
    for (;;) {
      if (const std::string_view piece = packed->next(); !piece.empty()) return piece;
      const std::string_view bytes = read();
      if (bytes.empty()) {
        if (!packed->is_whole()) throw BadGzip("the compressed file is truncated");
        return {};
      }
      packed->feed(bytes);
    }
  }
};

TextStream::TextStream(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
  state_->name = path.string();
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw FileError(state_->name, "is a folder, not a file");
  state_->file.open(path, std::ios::binary);
  if (!state_->file) throw FileError(state_->name, std::strerror(errno));
  state_->block.resize(block_bytes);
}

TextStream::TextStream(std::string name, std::string text) : state_(std::make_unique<State>()) {
  state_->name = std::move(name);
  state_->text = std::move(text);
  state_->is_text = true;
}

TextStream::TextStream(TextStream&&) noexcept = default;
TextStream& TextStream::operator=(TextStream&&) noexcept = default;
TextStream::~TextStream() = default;

const std::string& TextStream::name() const { return state_->name; }

std::string_view TextStream::next() {
  try {
    if (!std::exchange(state_->is_begun, true)) {
      const std::string_view first = state_->read();
      if (!is_gzip(first)) return first;
      state_->packed.emplace();
      state_->packed->feed(first);
    }
    return state_->packed ? state_->unpacked() : state_->read();
  } catch (const BadGzip& bad) {
    throw InputError({Diagnostic{state_->name, {}, "", bad.what(), "was it copied whole?", "", 1}});
  }
}

std::optional<StreamLine> LineStream::next() {
  line_.clear();
  for (;;) {
    if (piece_.empty()) piece_ = stream_.next();
    if (piece_.empty()) {
      if (line_.empty()) return std::nullopt;
      return StreamLine{line_, ++number_, false};
    }
    const std::size_t end = piece_.find('\n');
    line_ += piece_.substr(0, end);
    if (line_.size() > longest_line)
      throw InputError({Diagnostic{name(),
                                   {static_cast<int>(number_ + 1), 1},
                                   "",
                                   "a line longer than 16 MiB",
                                   "is it a text of lines?",
                                   line_.substr(0, 80),
                                   1}});
    if (end == std::string_view::npos) {
      piece_ = {};
      continue;
    }
    piece_.remove_prefix(end + 1);
    if (line_.ends_with('\r')) line_.pop_back();
    return StreamLine{line_, ++number_, true};
  }
}

}  // namespace chipmix::io
