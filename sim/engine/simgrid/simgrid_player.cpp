#include "engine/simgrid/simgrid_player.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/simgrid/exchange.hpp"

extern char** environ;

namespace chipmix::engine {

/// Beside the running program; in bin/ beside the shared library that holds this code, as a Python package has it;
/// where the build put it.
std::string simgrid_program() {
  std::error_code none;
  const std::filesystem::path built = CHIPMIX_SIMGRID_PROGRAM;
  std::vector<std::filesystem::path> places;
  places.push_back(std::filesystem::read_symlink("/proc/self/exe", none).parent_path() / built.filename());
  Dl_info here{};
  if (dladdr(reinterpret_cast<const void*>(&simgrid_program), &here) != 0 && here.dli_fname)
    places.push_back(std::filesystem::path(here.dli_fname).parent_path() / "bin" / built.filename());
  for (const std::filesystem::path& place : places)
    if (std::filesystem::exists(place, none)) return place.string();
  return built.string();
}

namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// A file without a name, gone when it is closed.
File scratch() {
  File file(std::tmpfile(), std::fclose);
  if (!file) throw std::runtime_error("no room for temporary files");
  return file;
}

/// Runs the program over three open files; its exit status, as waitpid tells it.
int run(const File& in, const File& out, const File& error) {
  const std::string path = simgrid_program();
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, fileno(in.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, fileno(out.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, fileno(error.get()), STDERR_FILENO);
  char* const words[] = {const_cast<char*>(path.c_str()), nullptr};
  pid_t child = 0;
  const int failed = posix_spawn(&child, path.c_str(), &files, nullptr, words, environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed) throw std::runtime_error(fmt::format("SimGrid's program {} cannot be started", path));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

std::string text(const File& file) {
  std::rewind(file.get());
  std::string all(2000, '\0');
  all.resize(std::fread(all.data(), 1, all.size(), file.get()));
  while (!all.empty() && all.back() == '\n') all.pop_back();
  return all;
}

}  // namespace

std::vector<Span> play_simgrid(const TaskList& list) {
  const File in = scratch(), out = scratch(), error = scratch();
  write_tasks(in.get(), list);
  std::rewind(in.get());
  const int status = run(in, out, error);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error("SimGrid ended without an answer: " + text(error));
  std::rewind(out.get());
  return read_spans(out.get());
}

}  // namespace chipmix::engine
