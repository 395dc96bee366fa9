#include "sweep/row_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

namespace chipmix::sweep {

namespace {

constexpr std::size_t longest_line = 1u << 20u;  // bytes: a row has a few hundred

/// Whether the only line, without its end, is how a sweep's file begins: anything else must not be cut off.
bool begins_a_file(const std::string& line, LineFormat format) {
  const std::string_view start = format == LineFormat::jsonl ? R"({"key":")" : "key,point,";
  return line.starts_with(start.substr(0, line.size()));
}

}  // namespace

StoredLines read_lines(const std::string& path, LineFormat format) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw FileError(path, std::strerror(errno));
  StoredLines stored;
  std::string line;
  for (std::size_t number = 1; std::getline(stream, line); ++number) {
    if (line.size() > longest_line) throw FileError(path, fmt::format("line {} is not a row of a sweep", number));
    if (stream.eof()) {  // no end of line: the program was stopped in the middle of it
      if (number == 1 && !begins_a_file(line, format)) throw FileError(path, "is not a file of a sweep");
      stored.is_torn = true;
      break;
    }
    line += '\n';
    stored.size += line.size();
    if (number == 1 && format == LineFormat::csv) {
      stored.header = line;
      if (!line.starts_with("key,point,")) throw FileError(path, "is not a file of a sweep: its first line differs");
      continue;
    }
    const auto label = label_of(line, format);
    if (!label) throw FileError(path, fmt::format("line {} is not a row of a sweep", number));
    if (!is_whole(line, stored.header, format))
      throw FileError(path, fmt::format("line {} is truncated: remove it, and the sweep computes it again", number));
    stored.lines.push_back({*label, line});
  }
  if (stream.bad()) throw FileError(path, "cannot be read");
  return stored;
}

RowFile::RowFile(std::string path, const Lines& lines, const std::string& id, bool resume) : path_(std::move(path)) {
  constexpr mode_t mode = 0666;  // less the umask
  const int fresh = resume ? 0 : O_EXCL;
  descriptor_ = open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | fresh, mode);
  if (descriptor_ < 0 && errno == EEXIST)
    throw FileError(path_, "exists already: continue it with --resume, or remove it");
  if (descriptor_ < 0) fail();
  try {
    if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) throw FileError(path_, "another sweep is writing it");
    take_up(lines, id);
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

RowFile::~RowFile() { release(); }

void RowFile::release() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

void RowFile::take_up(const Lines& lines, const std::string& id) {
  const StoredLines stored = read_lines(path_, lines.format());
  if (!stored.header.empty() && stored.header != lines.header())
    throw FileError(path_, "holds rows of another sweep: its columns differ");
  for (const StoredLine& line : stored.lines) {
    if (!line.label.key.starts_with(id))
      throw FileError(path_,
                      "holds rows of another sweep: the scenario, the profiles, the options or the program's version "
                      "has changed since");
    if (!lines.holds(line.text))
      throw FileError(path_, fmt::format("the row of point {} was changed: remove it, and the sweep computes it again",
                                         line.label.point));
    known_.emplace(line.label.key, line.label.point);
  }
  if (ftruncate(descriptor_, static_cast<off_t>(stored.size)) != 0) fail();
  if (stored.size == 0) append(lines.header());
}

void RowFile::append(const std::string& lines) {
  std::size_t done = 0;
  while (done < lines.size()) {
    const ssize_t written = write(descriptor_, lines.data() + done, lines.size() - done);
    if (written < 0 && errno != EINTR) fail();
    if (written > 0) done += static_cast<std::size_t>(written);
  }
}

void RowFile::fail() const { throw FileError(path_, std::strerror(errno)); }

}  // namespace chipmix::sweep
