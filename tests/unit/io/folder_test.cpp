// Is what stands in a folder told without exceptions of the file system?
#include "io/folder.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "base/diagnostic.hpp"

namespace fs = std::filesystem;
using namespace chipmix;

namespace {

/// A folder with two files of JSON, and entries that are none.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "chipmix-test-XXXXXX").string();
    path = mkdtemp(pattern.data());
    for (const char* name : {"b.json", "a.json", "c.txt", "bad\xFF.json"}) std::ofstream(path / name) << "{}";
    fs::create_directory(path / "folder.json");
    fs::create_symlink("nowhere.json", path / "dangling.json");
    fs::create_symlink("circle.json", path / "circle.json");
    fs::create_symlink("a.json", path / "link.json");
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path path;
};

}  // namespace

TEST_CASE("are only files of a folder listed, sorted") {
  const Folder folder;
  std::vector<std::string> names;
  for (const fs::path& file : io::files_in(folder.path)) names.push_back(file.filename().string());
  CHECK(names == std::vector<std::string>{"a.json", "b.json", "link.json"});
  CHECK(io::files_in(folder.path / "none").empty());
}

TEST_CASE("is nothing but a file a file") {
  const Folder folder;
  CHECK(io::is_file(folder.path / "link.json"));
  for (const char* name : {"folder.json", "dangling.json", "circle.json", "none", "a.json/b.json"})
    CHECK_FALSE(io::is_file(folder.path / name));
  CHECK_FALSE(io::is_file(folder.path / std::string(300, 'x')));
  CHECK_FALSE(io::is_file(folder.path / std::string(10000, 'x')));
  CHECK_FALSE(io::is_file("/dev/null"));
  CHECK_FALSE(io::is_folder(folder.path / "circle.json"));
}

TEST_CASE("are links and dots followed to tell what stands below a folder") {
  const Folder folder;
  CHECK(io::is_below(folder.path / "a.json", folder.path));
  CHECK(io::is_below(folder.path / "folder.json" / ".." / "a.json", folder.path));
  CHECK_FALSE(io::is_below(folder.path / ".." / "a.json", folder.path));
  CHECK_FALSE(io::is_below(folder.path.string() + "2/a.json", folder.path));
  fs::create_symlink("/", folder.path / "root");
  CHECK_FALSE(io::is_below(folder.path / "root" / "etc", folder.path));
}
