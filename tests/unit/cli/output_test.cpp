// Does a result arrive whole, or not at all?
#include "cli/output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/diagnostic.hpp"

namespace fs = std::filesystem;
using namespace chipmix;
using namespace chipmix::cli;

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "chipmix-output-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  std::string operator/(const char* name) const { return (path_ / name).string(); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

std::string content(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("Is a file written whole, replaced whole, and nothing left beside it?") {
  const Folder folder;
  const std::string long_text(3'000'000, 'x');
  write_result(long_text, folder / "a");
  CHECK(content(folder / "a") == long_text);
  write_result("short", folder / "a");
  CHECK(content(folder / "a") == "short");
  CHECK(folder.files() == 1);
}

TEST_CASE("Does a replaced file keep its mode and a symbolic link its target?") {
  const Folder folder;
  write_file(folder / "a", "one");
  fs::permissions(folder / "a", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink(folder / "a", folder / "link");
  write_file(folder / "link", "two");
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(content(folder / "a") == "two");
  CHECK(fs::status(folder / "a").permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("Is a place that cannot be written named, and left as it was?") {
  const Folder folder;
  CHECK_THROWS_AS(write_file(folder / "missing/a", "x"), FileError);
  CHECK_THROWS_WITH(write_file(folder / "", "x"), Catch::Contains("is a folder"));
  CHECK_THROWS_WITH(write_file(folder / "missing/a", "x"), Catch::Contains("missing/a: No such file"));
  CHECK(folder.files() == 0);
}

TEST_CASE("Are devices written and not replaced?") {
  write_file("/dev/null", "gone");
  CHECK(fs::is_character_file("/dev/null"));
  CHECK_THROWS_WITH(write_file("/dev/full", "x"), Catch::Contains("No space left"));
}

TEST_CASE("Is a reader that went away no fault, but a closed descriptor one?") {
  ignore_closed_pipes();
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  CHECK_FALSE(write_all(ends[1], "nobody reads this", "pipe"));
  close(ends[1]);
  CHECK_THROWS_AS(write_all(ends[1], "x", "pipe"), FileError);
  std::signal(SIGPIPE, SIG_DFL);
}
