#include "report/dress/pdf.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "base/diagnostic.hpp"
#include "io/folder.hpp"

extern char** environ;

namespace chipmix::report {
namespace {

namespace fs = std::filesystem;

/// Whole path of a program on the PATH; empty where there is none of that name.
std::string found(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const fs::path program = fs::path(folder) / name; access(program.c_str(), X_OK) == 0) return program.string();
  return {};
}

struct Printer {
  std::string program;
  bool is_browser = false;
};

Printer printer() {
  for (const char* name : {"chromium", "chromium-browser", "google-chrome"})
    if (std::string program = found(name); !program.empty()) return {std::move(program), true};
  return {found("weasyprint"), false};
}

/// A folder of its own, gone with its files in the end.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (io::temporary_folder() / "chipmix-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw FileError(pattern, "no room for temporary files");
    folder_ = pattern;
  }
  ~Scratch() {
    std::error_code none;
    fs::remove_all(folder_, none);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string operator/(const char* name) const { return (folder_ / name).string(); }

 private:
  fs::path folder_;
};

/// Runs a program that says nothing; whether it ended well.
bool run(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = posix_spawn(&child, arguments.front(), &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed) return false;
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::vector<std::string> command(const Printer& printer, const Scratch& scratch, const std::string& page,
                                 const std::string& pdf) {
  if (!printer.is_browser) return {printer.program, page, pdf};
  std::vector<std::string> words = {printer.program,
                                    "--headless",
                                    "--disable-gpu",
                                    "--no-pdf-header-footer",
                                    "--generate-pdf-document-outline",
                                    "--user-data-dir=" + scratch / "profile",
                                    "--print-to-pdf=" + pdf};
  if (geteuid() == 0) words.emplace_back("--no-sandbox");  // its sandbox refuses the superuser
  words.push_back("file://" + page);
  return words;
}

/// Writes one date over the days on which a PDF says it was made: "/CreationDate (D:20270131120000+00'00')".
void undate(std::string& pdf) {
  constexpr std::string_view day = "20000101000000";
  for (const std::string_view key : {"/CreationDate (D:", "/ModDate (D:"})
    if (const auto at = pdf.find(key); at != std::string::npos) pdf.replace(at + key.size(), day.size(), day);
}

/// Numbers the elements of a page from 1 in their order: Chromium's own numbers ("(node00000041)") depend on when its
/// threads ran.
void renumber(std::string& pdf) {
  constexpr std::string_view key = "(node";
  constexpr std::size_t digits = 8;
  std::map<std::string, std::string> numbers;
  for (auto at = pdf.find(key); at != std::string::npos; at = pdf.find(key, at + 1)) {
    const std::string old = pdf.substr(at + key.size(), digits);
    if (old.size() < digits || old.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto known = numbers.try_emplace(old, fmt::format("{:08}", numbers.size() + 1)).first;
    pdf.replace(at + key.size(), digits, known->second);
  }
}

}  // namespace

std::string printer_program() { return printer().program; }

void require_printer() {
  if (printer_program().empty())
    throw FileError("PDF",
                    "needs Chromium or WeasyPrint (Debian: apt-get install chromium, or weasyprint); the same "
                    "report as .html prints from any browser");
}

std::string printed(const std::string& html) {
  const Scratch scratch;
  const std::string page = scratch / "report.html", pdf = scratch / "report.pdf";
  std::ofstream written(page, std::ios::binary);
  written << html;
  written.close();
  if (!written) throw FileError(page, "no room for temporary files");
  const Printer with = printer();
  if (!run(command(with, scratch, page, pdf)) || !io::is_file(pdf)) throw FileError(with.program, "could not print");
  std::ifstream file(pdf, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  undate(bytes);
  renumber(bytes);
  return bytes;
}

}  // namespace chipmix::report
