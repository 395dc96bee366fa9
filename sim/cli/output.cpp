#include "cli/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/diagnostic.hpp"

namespace chipmix::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& name) { throw FileError(name, std::strerror(errno)); }

/// A new file that removes itself unless it was renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& beside) {
    const mode_t mode = S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;  // less the umask
    for (int attempt = 0; descriptor_ < 0; ++attempt) {
      name_ = fmt::format("{}.{}.{}.tmp", beside.string(), getpid(), attempt);
      descriptor_ = open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
      if (descriptor_ < 0 && (errno != EEXIST || attempt == 100)) fail(beside.string());
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!name_.empty()) unlink(name_.c_str());
  }

  void write(std::string_view bytes, const std::string& target) {
    write_all(descriptor_, bytes, target);
    if (fsync(descriptor_) != 0) fail(target);
  }

  void rename_to(const fs::path& target) {
    struct stat old {};
    if (stat(target.c_str(), &old) == 0) fchmod(descriptor_, old.st_mode & 07777);
    const int closed = close(descriptor_);
    descriptor_ = -1;
    if (closed != 0 || rename(name_.c_str(), target.c_str()) != 0) fail(target.string());
    name_.clear();
  }

 private:
  std::string name_;
  int descriptor_ = -1;
};

/// A pipe or device, written as it is: renaming a file onto /dev/null would replace it.
void write_special(const std::string& path, std::string_view bytes) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) fail(path);
  try {
    write_all(descriptor, bytes, path);
  } catch (...) {
    close(descriptor);
    throw;
  }
  if (close(descriptor) != 0) fail(path);
}

int columns_of(int descriptor) {
  constexpr int usual = 100;
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return size.ws_col;
}

}  // namespace

namespace {

KeptOutput* kept = nullptr;

}  // namespace

KeptOutput::KeptOutput() { kept = this; }
KeptOutput::~KeptOutput() { kept = nullptr; }
KeptOutput* kept_output() { return kept; }

bool write_all(int descriptor, std::string_view bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written >= 0)
      bytes.remove_prefix(static_cast<std::size_t>(written));
    else if (errno == EPIPE)
      return false;
    else if (errno != EINTR)
      fail(name);
  }
  return true;
}

void write_file(const std::string& path, std::string_view bytes) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) throw FileError(path, "is a folder");
  if (fs::exists(status) && !fs::is_regular_file(status)) return write_special(path, bytes);
  const fs::path target = fs::exists(status) ? fs::canonical(path, error) : fs::path(path);
  TemporaryFile file(target);
  file.write(bytes, path);
  file.rename_to(target);
}

void write_result(std::string_view text, const std::optional<std::string>& path) {
  if (path && *path != "-")
    write_file(*path, text);
  else if (kept)
    kept->result += text;
  else
    write_all(STDOUT_FILENO, text, "stdout");
}

void hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) < 0 && errno == EBADF)
      if (open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY) != stream) return;
}

void ignore_closed_pipes() { std::signal(SIGPIPE, SIG_IGN); }

bool stdout_is_terminal() { return isatty(STDOUT_FILENO) == 1; }
bool stderr_is_terminal() { return isatty(STDERR_FILENO) == 1; }

int stdout_columns() { return columns_of(STDOUT_FILENO); }
int stderr_columns() { return columns_of(STDERR_FILENO); }

bool stdout_takes_style() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool refused = no_color && *no_color;
  const bool dumb = terminal && std::string_view(terminal) == "dumb";
  return stdout_is_terminal() && !refused && !dumb;
}

}  // namespace chipmix::cli
