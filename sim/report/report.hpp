// A report: what every dress of it (HTML, Markdown) says, each number put into words once.
#pragma once

#include <string>
#include <vector>

#include "report/table.hpp"
#include "report/texts/say.hpp"

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
  std::vector<std::string> words{};  ///< paragraphs, before all else
  std::vector<Table> first{};        ///< tables before the figures
  std::vector<Figure> figures{};
  std::vector<Table> tables{};
};

/// A figure to be read from across a table.
struct Headline {
  std::string name, value, note;
};

/// The first page: the decision, what it rests on, and what is asked for.
struct FrontPage {
  std::string question;
  std::string answer;
  std::string firmness{};  ///< how sure the answer is, in a sentence
  std::vector<Headline> headlines{};
  std::vector<std::string> basis{};  ///< what the figures count and what they leave out, in small type
  Figure options{};                  ///< the best ones side by side
  std::vector<std::string> risks{};
  std::vector<std::string> asked{};
};

/// Who made a report of what, and when.
struct Imprint {
  std::string version;  ///< of chipmix
  std::string author;   ///< may be empty
  std::string day;      ///< YYYY-MM-DD
  std::string fingerprint;
};

struct Report {
  std::string title;
  Imprint imprint{};
  Language language = Language::english;
  FrontPage front{};
  std::vector<Section> chapters{};
  std::vector<Section> appendix{};
  std::string what_if_lead{};
  std::string what_if{};  ///< JSON: bills as sums over the figures that a reader may move (decision/what_if.hpp)
};

/// Adds a figure that has something to show.
void add(Section& section, Figure figure);

/// A screen folds the appendix; a page to print has it open, on paper of its own size where one is named.
struct Paper {
  bool is_print = false;
  std::string size{};  ///< of CSS: "A4"
};

/// One file for a browser: no request to anybody, light and dark, prints, complete without scripts.
std::string html(const Report& report, const Paper& paper = {});

/// GitHub-flavoured; a figure is its table, folded.
std::string markdown(const Report& report);

}  // namespace chipmix::report
