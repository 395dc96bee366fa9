// A list of records read one by one: what is wrong with one keeps nobody from the others.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "io/document.hpp"
#include "io/value.hpp"

namespace chipmix::validation {

/// `Table` has `runs`, `faults` and `unknown`; a run has `id` and `faults`. `Reader` is made of a record's value;
/// its read() gives the run, its report_unknown() notes members that nobody asked for. Two records of one id are a
/// fault. After as many faults as are shown the rest is not read.
template <class Table, class Reader>
Table read_records(const io::Value& table) {
  using Run = typename decltype(Table::runs)::value_type;
  const auto move_into = [](std::vector<Diagnostic>& list, std::vector<Diagnostic> more) {
    std::move(more.begin(), more.end(), std::back_inserter(list));
  };
  Table read;
  std::set<std::string> ids;
  io::Diagnostics& noted = table.diagnostics();
  const std::vector<io::Value> records = table.as_list();
  move_into(read.faults, noted.take(0));
  for (const io::Value& element : records) {
    if (read.faults.size() >= io::Diagnostics::most_kept) {
      element.error(fmt::format("{} records from here on are not read: fix the errors above first",
                                records.size() - read.runs.size()));
      move_into(read.faults, noted.take(0));
      break;
    }
    Run run;
    if (!element.is_object()) {
      element.expected("an object that describes a run");
    } else {
      Reader record(element);
      run = record.read();
      if (!run.id.empty() && !ids.insert(run.id).second) element.error("a second run with the id '" + run.id + "'");
      const std::size_t faults = noted.size();
      if (read.unknown.size() < io::Diagnostics::most_kept) record.report_unknown();
      move_into(read.unknown, noted.take(faults));
    }
    std::vector<Diagnostic> faults = noted.take(0);
    for (const Diagnostic& fault : faults)
      run.faults.push_back(
          fmt::format("{}:{}:{}: {}", fault.file, fault.place.line, fault.place.column, fault.message));
    move_into(read.faults, std::move(faults));
    read.runs.push_back(std::move(run));
  }
  return read;
}

/// Reads several files one by one, whose tables `read` makes of a document's root. In a folder a file that is no JSON
/// is a fault beside the others' answers; alone it is thrown.
template <class Table, class Records, class Read>
Table read_tables(const std::vector<std::filesystem::path>& files, Records Table::*records, Read&& read) {
  Table all;
  const auto add = [](auto& list, auto&& more) { std::move(more.begin(), more.end(), std::back_inserter(list)); };
  for (const auto& file : files) try {
      const io::Document document = io::Document::load(file);
      io::Diagnostics diagnostics;
      Table one = read(document.root(diagnostics));
      add(all.*records, one.*records);
      add(all.faults, one.faults);
      add(all.unknown, one.unknown);
    } catch (const InputError& error) {
      if (files.size() == 1) throw;
      add(all.faults, std::vector<Diagnostic>(error.diagnostics()));
    }
  return all;
}

}  // namespace chipmix::validation
