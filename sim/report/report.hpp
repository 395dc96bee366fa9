// A report: what every dress of it (HTML, Markdown) says, each number put into words once.
#pragma once

#include <string>
#include <vector>

#include "report/table.hpp"

namespace chipmix::report {

/// A chart, what it shows, and the numbers in it.
struct Figure {
  std::string title;
  std::string caption;
  std::string svg;
  Table data;
};

struct Section {
  std::string title;
  std::vector<std::string> words;  ///< paragraphs, before all else
  std::vector<Table> first{};      ///< tables before the figures
  std::vector<Figure> figures{};
  std::vector<Table> tables{};
};

struct Report {
  std::string title;
  std::string lead;  ///< the answer in a sentence
  std::vector<Section> sections;
};

/// Adds a figure that has something to show.
void add(Section& section, Figure figure);

/// One file for a browser: no request to anybody, light and dark, prints, complete without scripts.
std::string html(const Report& report);

/// GitHub-flavoured; a figure is its table, folded.
std::string markdown(const Report& report);

}  // namespace chipmix::report
