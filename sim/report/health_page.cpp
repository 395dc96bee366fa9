#include "report/health_page.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/answer_json.hpp"

namespace chipmix::report {
namespace {

using Json = nlohmann::ordered_json;

Table fact_table(const char* title, const std::vector<Health::Fact>& facts) {
  Table table;
  table.title = title;
  table.columns = {{"what"}, {"is", "", Align::left, "value"}};
  for (const auto& fact : facts) table.add({fact.what, fact.value});
  return table;
}

Table data_table(const std::vector<Health::Data>& data) {
  Table table;
  table.title = "Data";
  table.columns = {
      {"kind"}, numeric("files"), numeric("can be read", "", "clean"), {"where", "", Align::left, "folder"}};
  for (const auto& one : data)
    table.add({one.kind, one.files, one.clean, one.folder.empty() ? Cell{} : Cell{one.folder}});
  return table;
}

Table part_table(const std::vector<Health::Part>& parts) {
  Table table;
  table.title = "Optional";
  table.columns = {{"part"}, {"found"}, {"without it", "", Align::left, "without"}};
  for (const auto& part : parts) table.add({part.what, part.found.empty() ? Cell{} : Cell{part.found}, part.without});
  return table;
}

Json object(const std::vector<Health::Fact>& facts) {
  Json json = Json::object();
  for (const auto& fact : facts) json[fact.what] = fact.value;
  return json;
}

}  // namespace

Page health_page(const Health& health) {
  Page page{"chipmix doctor",
            {fact_table("Program", health.program), data_table(health.data), part_table(health.parts),
             fact_table("Terminal", health.terminal)},
            health.faults};
  page.remarks.push_back(health.is_well()
                             ? "Everything required is installed."
                             : fmt::format("{} that chipmix needs to answer.",
                                           health.faults.size() == 1 ? "That is something" : "Those are things"));
  page.json = Json{{"schema_version", schema_version},
                   {"well", health.is_well()},
                   {"faults", health.faults},
                   {"program", object(health.program)},
                   {"data", to_json(page.tables[1])},
                   {"optional", to_json(page.tables[2])},
                   {"terminal", object(health.terminal)}}
                  .dump(2);
  return page;
}

}  // namespace chipmix::report
