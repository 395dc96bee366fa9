// What a command shows: tables and remarks for people, JSON for machines.
#pragma once

#include <string>
#include <vector>

#include "report/table.hpp"
#include "report/text_bars.hpp"

namespace chipmix::report {

struct Page {
  std::string title;
  std::vector<Table> tables;         ///< the first one is the CSV
  std::vector<std::string> remarks;  ///< sentences under the tables
  std::string json{};                ///< the command's JSON, pretty-printed
  std::string drawing{};             ///< lines that keep their breaks, under all of it
  struct Chart {
    std::string title;
    std::vector<TextBar> bars;
  };
  std::vector<Chart> charts{};      ///< bars for a terminal
  std::vector<std::string> lead{};  ///< sentences between title and tables
};

/// A page of one table, whose JSON is the table.
Page table_page(std::string title, Table table);

enum class OutputFormat { text, markdown, csv, json };

std::string render(const Page& page, OutputFormat dress, const TextStyle& style = {});

/// The page's charts, as wide as the terminal.
std::string render_charts(const Page& page, const TextStyle& style);

}  // namespace chipmix::report
