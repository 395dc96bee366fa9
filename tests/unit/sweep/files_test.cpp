// Do files of rows keep what was written, and shards put together make the whole?
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include "sweep/merge.hpp"

namespace chipmix::sweep {
namespace {

namespace fs = std::filesystem;

const std::string id = "0123abcd";

std::string key(int number) {
  char text[37];
  std::snprintf(text, sizeof text, "%s-0000-5000-8000-%012d", id.c_str(), number);
  return text;
}

Row row(double cost) {
  Row row = failed("A", "");
  row.feasible = true;
  row.figure(Figure::cost) = cost;
  return row;
}

Lines lines(LineFormat format) { return {format, {"job.tokens"}, figure_names("USD", false)}; }

std::string line(LineFormat format, int number) {
  return lines(format).line(key(number), static_cast<std::size_t>(number), {{"job.tokens", "\"1T\""}}, row(number));
}

/// A folder that goes with the test.
struct Folder {
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return (path / name).string();
  }
  std::string text(const std::string& name) const {
    std::ifstream stream(path / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  fs::path path = fs::temp_directory_path() / ("chipmix_rows_" + std::to_string(::getpid()));
};

}  // namespace

TEST_CASE("has a line a field for each column, whatever its text holds?") {
  Row odd = failed("a,b", "two\nlines, \"quoted\"");
  odd.figure(Figure::cost) = std::numeric_limits<double>::infinity();
  const Point point{{"job.tokens", R"("1,5 T")"}};
  const std::string csv = lines(LineFormat::csv).line(key(1), 1, point, odd);
  CHECK(csv == key(1) + R"(,1,"1,5 T","a,b",false)" + std::string(14, ',') + R"("two lines, ""quoted""")" + "\n");
  const auto json = nlohmann::json::parse(lines(LineFormat::jsonl).line(key(1), 1, point, odd));
  CHECK(json["error"] == odd.error);
  CHECK(json["cost_usd"].is_null());
  CHECK(json["job.tokens"] == "1,5 T");
  CHECK(json.size() == lines(LineFormat::jsonl).columns().size());
}

TEST_CASE("is a file gone on with after a line that was cut off, and a stranger's file refused?") {
  const LineFormat format = GENERATE(LineFormat::csv, LineFormat::jsonl);
  const std::string name = format == LineFormat::csv ? "f.csv" : "f.jsonl";
  const Folder folder;
  const std::string whole = lines(format).header() + line(format, 0) + line(format, 1);
  const std::string path = folder.file(name, whole + line(format, 2).substr(0, 60));
  CHECK_THROWS_AS(RowFile(path, lines(format), id, false), FileError);
  CHECK_THROWS_AS(RowFile(path, lines(format), "ffffffff", true), FileError);
  {
    RowFile file(path, lines(format), id, true);
    CHECK(file.known() == std::map<std::string, std::size_t>{{key(0), 0}, {key(1), 1}});
    CHECK_THROWS_AS(RowFile(path, lines(format), id, true), FileError);  // two at once
    file.append(line(format, 2));
  }
  CHECK(folder.text(name) == whole + line(format, 2));
  const std::string other = folder.file("g.csv", "name,age\nme,4\n");
  CHECK_THROWS_AS(RowFile(other, lines(format), id, true), FileError);
  CHECK(folder.text("g.csv") == "name,age\nme,4\n");
}

TEST_CASE("does a file whose first line was cut off begin again?") {
  const Folder folder;
  const std::string path = folder.file("f.csv", "key,poi");
  { RowFile file(path, lines(LineFormat::csv), id, true); }
  CHECK(folder.text("f.csv") == lines(LineFormat::csv).header());
}

TEST_CASE("are shards put together in the order of points, each row once, and gaps told?") {
  const LineFormat format = GENERATE(LineFormat::csv, LineFormat::jsonl);
  const Folder folder;
  const std::string head = lines(format).header();
  const std::string odd = folder.file("1", head + line(format, 1) + line(format, 3));
  const std::string even = folder.file("2", head + line(format, 0) + line(format, 2) + line(format, 3));
  const Merged merged = merge({odd, even}, format);
  CHECK(merged.text == head + line(format, 0) + line(format, 1) + line(format, 2) + line(format, 3));
  CHECK(merged.rows == 4);
  CHECK(merged.missing.empty());
  CHECK(merge({odd}, format).missing == std::vector<std::size_t>{0, 2});
  const std::string torn = folder.file("3", head + line(format, 0) + "0123");
  CHECK(merge({torn, odd}, format).torn == std::vector<std::string>{torn});
}

TEST_CASE("are files refused that do not belong together?") {
  const Folder folder;
  const LineFormat format = LineFormat::csv;
  const std::string head = lines(format).header();
  const std::string first = folder.file("1", head + line(format, 0));
  const std::string changed =
      folder.file("2", head + lines(format).line(key(0), 0, {{"job.tokens", "\"1T\""}}, row(99)));
  std::string stranger = line(format, 1);
  stranger[0] = 'f';
  const std::string other = folder.file("3", head + stranger);
  const std::string columns = folder.file("4", "key,point,else\n");
  for (const std::string& file : {changed, other, columns, folder.file("5", head + "no row\n"), std::string("absent")})
    CHECK_THROWS_AS(merge({first, file}, format), FileError);
}

}  // namespace chipmix::sweep
