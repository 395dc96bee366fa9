// Does one table say the same to a person, a spreadsheet, a program and a page?
#include "report/table.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

using namespace chipmix::report;

namespace {

Table sample() {
  Table table{"Options", {{"option"}, numeric("step time", "s"), numeric("cost", "CNY"), {"feasible"}}};
  table.add({"昇腾", Cell(1.25, "1.25 s"), Cell(6350000.0, "6.35 M CNY"), true});
  table.add({"H800", Cell(0.5, "500 ms"), Cell(), false});
  return table;
}

std::size_t widest(const std::string& text) {
  std::istringstream lines(text);
  std::size_t width = 0;
  for (std::string line; std::getline(lines, line);) width = std::max(width, display_width(line));
  return width;
}

}  // namespace

TEST_CASE("Is a table for people aligned by cells, with a rule under the header?") {
  CHECK(to_text(sample()) ==
        "Options\n"
        "\n"
        "option  step time        cost  feasible\n"
        "──────  ─────────  ──────────  ────────\n"
        "昇腾       1.25 s  6.35 M CNY  yes\n"
        "H800       500 ms           -  no\n");
}

TEST_CASE("Is the header bold only when asked?") {
  CHECK(to_text(sample()).find('\x1b') == std::string::npos);
  const std::string styled = to_text(sample(), {.bold_header = true});
  CHECK(styled.find("\x1b[1moption  step time        cost  feasible\x1b[0m\n") != std::string::npos);
}

TEST_CASE("Does long text wrap inside its column and the table keep to the width?") {
  Table table{"", {{"account"}, numeric("time"), {"why"}}};
  table.add({"tensor all-reduce", Cell(0.1, "100 ms"),
             "ring over 8 devices of one node, overlapped with the weight gradients of the layer before"});
  const std::string text = to_text(table, {.width = 60});
  CHECK(widest(text) == 60);
  CHECK(text.find("overlapped") != std::string::npos);
  CHECK(text.find("100 ms") != std::string::npos);
  CHECK(widest(to_text(table, {.width = 10})) < 40);  // numbers are never wrapped, so this is as narrow as it gets
}

TEST_CASE("Can a cell not steer the terminal?") {
  Table table{"", {{"name"}}};
  table.add({"red\x1b[31m\rtab\tend\nnext"});
  CHECK(to_text(table) == "name\n──────────────────────────\nred\\u001B[31m\\u000Dtab end\nnext\n");
}

TEST_CASE("Does the machine's name of a column carry its unit?") {
  CHECK(machine_name({"step time", "s"}) == "step_time_s");
  CHECK(machine_name({"Energy", "kWh"}) == "energy_kwh");
  CHECK(machine_name({"throughput", "tokens/s"}) == "throughput_tokens_per_s");
  CHECK(machine_name({"tokens/s"}) == "tokens_per_s");
  CHECK(machine_name({"share", "%"}) == "share_percent");
  CHECK(machine_name({"peak (reserved)", "GiB"}) == "peak_reserved_gib");
  CHECK(machine_name({"anything", "s", Align::left, "mfu"}) == "mfu");
}

TEST_CASE("Is CSV quoted as RFC 4180 says and are its numbers whole?") {
  CHECK(to_csv(sample()) == "option,step_time_s,cost_cny,feasible\n昇腾,1.25,6350000,true\nH800,0.5,,false\n");
  CHECK(csv_field("plain") == "plain");
  CHECK(csv_field("a,b") == "\"a,b\"");
  CHECK(csv_field("say \"hi\"") == "\"say \"\"hi\"\"\"");
  CHECK(csv_field("two\nlines") == "\"two\nlines\"");
  CHECK(exact(0.1) == "0.1");
  CHECK(exact(1.0 / 3) == "0.3333333333333333");
  CHECK(exact(1e21) == "1e+21");
  CHECK(exact(-0.0) == "0");
  CHECK(exact(std::numeric_limits<double>::quiet_NaN()).empty());
}

TEST_CASE("Is the JSON list ordered as the columns, with whole numbers whole and unknown ones null?") {
  Table table = sample();
  table.add({"x", std::numeric_limits<double>::infinity(), 3, true});
  CHECK(to_json(table).dump() == R"([{"option":"昇腾","step_time_s":1.25,"cost_cny":6350000,"feasible":true},)"
                                 R"({"option":"H800","step_time_s":0.5,"cost_cny":null,"feasible":false},)"
                                 R"({"option":"x","step_time_s":null,"cost_cny":3,"feasible":true}])");
}

TEST_CASE("Does Markdown escape what would break its rows?") {
  Table table{"A | B", {{"na|me"}, numeric("time", "s")}};
  table.add({"a|b\nc\\d", 1.5});
  CHECK(to_markdown(table) == "### A \\| B\n\n| na\\|me | time (s) |\n|:--|--:|\n| a\\|b<br>c\\\\d | 1.5 |\n");
}

TEST_CASE("Is a row of the wrong length refused?") {
  Table table{"", {{"a"}, {"b"}}};
  CHECK_THROWS_AS(table.add({"only one"}), std::logic_error);
}

TEST_CASE("Is a table without rows, or without columns, still a table?") {
  Table table{"", {{"a"}, {"b"}}};
  CHECK(to_text(table) == "a  b\n─  ─\n");
  CHECK(to_csv(table) == "a,b\n");
  CHECK(to_json(table).dump() == "[]");
  CHECK_NOTHROW(to_text(Table{}));
}
