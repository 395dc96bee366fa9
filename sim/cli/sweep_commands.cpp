#include "cli/sweep_commands.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>

#include "base/words.hpp"
#include "cli/complain.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/question.hpp"
#include "cli/show.hpp"
#include "report/page.hpp"
#include "sweep/merge.hpp"
#include "sweep/run.hpp"

namespace chipmix::cli {
namespace {

void remark(const std::string& text, const Invocation& invocation) {
  if (!invocation.quiet) cli::say("chipmix: " + text);
}

engine::Kind engine_named(const Invocation& invocation) {
  const std::string name = invocation.option("--engine").value_or("analytical");
  if (name == "event") return engine::Kind::event;
  return name == "simgrid" ? engine::Kind::simgrid : engine::Kind::analytical;
}

/// Calls what reads words of the command line; what is wrong with them is a fault of usage.
template <class Read>
auto read_words(const char* option, const Invocation& invocation, Read read) {
  try {
    return read();
  } catch (const std::invalid_argument& fault) {
    throw UsageError(fmt::format("{}{}{}", option, *option ? " " : "", fault.what()), invocation.command);
  }
}

sweep::Grid grid_of(const Invocation& invocation) {
  std::vector<sweep::Axis> axes;
  return read_words("--vary", invocation, [&] {
    for (const std::string& words : invocation.all("--vary")) axes.push_back(sweep::read_axis(words));
    return sweep::Grid(std::move(axes));
  });
}

/// Measured steps, compared with what is predicted of them in the scenario as it stands.
std::shared_ptr<const scenario::Anchors> anchors_of(const Invocation& invocation) {
  if (!invocation.has("--measured") && !invocation.has("--measured-plan") && !invocation.has("--measured-on"))
    return nullptr;
  Question question(invocation);
  const auto& options = question.scenario.options;
  return measured(invocation, question, options.size() == 1 ? options.front().name : "");
}

std::unique_ptr<sweep::Question> question_of(const Invocation& invocation, const sweep::Grid& grid) {
  const std::filesystem::path path = invocation.positionals.front();
  io::Document document = io::Document::load(path);
  for (const auto& [where, value] : invocation.overrides) document = document.with(where, value);
  return read_words("", invocation, [&] {
    auto question = std::make_unique<sweep::Question>(
        std::move(document), path.parent_path(),
        sweep::Settings{invocation.all("--option"), invocation.has("--intervals"), engine_named(invocation),
                        scenario::Reach{false, {invocation.allowed.begin(), invocation.allowed.end()}},
                        anchors_of(invocation)});
    question->check(grid.axes());
    return question;
  });
}

sweep::LineFormat format_of(const std::string& path, const Invocation& invocation) {
  const auto format = sweep::line_format(path);
  if (!format) throw UsageError(fmt::format("'{}' needs a name that ends in .csv or .jsonl", path), invocation.command);
  return *format;
}

/// Whether a file's ending is that of a page, which `show` writes.
bool names_page(const std::string& path) {
  const std::string end = std::filesystem::path(path).extension().string();
  return end == ".json" || end == ".md" || end == ".markdown" || end == ".txt";
}

report::Table empty_table(const std::vector<std::string>& columns) {
  report::Table table;
  for (const std::string& column : columns) table.columns.push_back({column, "", report::Align::left, column});
  return table;
}

std::vector<report::Cell> cells(const std::string& key, const sweep::Unit& unit, const sweep::Point& point,
                                const sweep::Row& row, std::size_t figures) {
  const auto words = [](const std::string& text) { return text.empty() ? report::Cell() : report::Cell(text); };
  std::vector<report::Cell> cells = {key, unit.point};
  for (const auto& change : point) cells.emplace_back(change.second);
  cells.insert(cells.end(), {row.option, row.feasible, words(row.plan)});
  for (std::size_t i = 0; i < figures; ++i)
    cells.push_back(row.figures[i] == row.figures[i] ? report::Cell(row.figures[i]) : report::Cell());
  cells.insert(cells.end(), {words(row.reason), words(row.error)});
  return cells;
}

/// A sweep of one command: what it asks, and where its rows go.
class Sweep {
 public:
  explicit Sweep(const Invocation& invocation)
      : invocation_(invocation),
        grid_(grid_of(invocation)),
        question_(question_of(invocation, grid_)),
        figures_(sweep::figure_names(question_->scenario().currency.code, invocation.has("--intervals"))) {
    if (const auto shard = invocation.option("--shard"))
      shard_ = read_words("--shard", invocation, [&] { return sweep::read_shard(*shard); });
    for (const sweep::Axis& axis : grid_.axes()) paths_.push_back(axis.path);
  }

  /// Rows go to a file line by line; other endings are pages, written when all is done.
  Exit run() {
    const bool is_page = !invocation_.output || names_page(*invocation_.output);
    if (!is_page && invocation_.format)
      throw UsageError(
          fmt::format("--format has no effect with -o {}: its ending sets the format", *invocation_.output),
          invocation_.command);
    return is_page ? to_page() : to_file(*invocation_.output);
  }

 private:
  Exit to_file(const std::string& path) {
    const sweep::Lines lines(format_of(path, invocation_), paths_, figures_);
    sweep::RowFile file(path, lines, question_->id(), invocation_.has("--resume"));
    const auto units = units_beside(file, path);
    if (!file.known().empty())
      remark(fmt::format("{} {} done, {} to go", counted(file.known().size(), "row"),
                         noun(file.known().size(), "is", "are"), units.size()),
             invocation_);
    return each(units, [&](const std::string& key, const sweep::Unit& unit, const sweep::Point& point,
                           const sweep::Row& row) { file.append(lines.line(key, unit.point, point, row)); });
  }

  /// What the file does not hold yet.
  std::vector<sweep::Unit> units_beside(const sweep::RowFile& file, const std::string& path) const {
    try {
      return units_of(*question_, grid_, shard_, file.known());
    } catch (const std::invalid_argument& fault) {
      throw FileError(path, fmt::format("holds rows of another sweep: {}", fault.what()));
    }
  }

  Exit to_page() {
    if (invocation_.has("--resume"))
      throw UsageError("--resume needs --output F.csv or F.jsonl, the file to continue", invocation_.command);
    const sweep::Lines lines(sweep::LineFormat::csv, paths_, figures_);
    report::Table table = empty_table(lines.columns());
    table.columns.front().drop = report::machine_only;
    const auto units = units_of(*question_, grid_, shard_);
    const Exit ending =
        each(units, [&](const std::string& key, const sweep::Unit& unit, const sweep::Point& point,
                        const sweep::Row& row) { table.add(cells(key, unit, point, row, figures_.size())); });
    show(report::table_page(fmt::format("{}: {}", question_->scenario().name, counted(grid_.size(), "point")),
                            std::move(table)),
         invocation_);
    return ending;
  }

  template <class Sink>
  Exit each(const std::vector<sweep::Unit>& units, Sink sink) {
    const Interrupt interrupt;
    Progress progress("points", units.size(), invocation_.quiet);
    const int jobs =
        invocation_.jobs > 0 ? invocation_.jobs : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    std::size_t feasible = 0, done = 0;
    std::map<std::string, std::vector<sweep::Point>> wrong;  // by what is wrong there
    const auto take = [&](const sweep::Unit& unit, const sweep::Point& point, const sweep::Row& row) {
      sink(question_->key(point, row.option), unit, point, row);
      feasible += row.feasible;
      if (!row.error.empty()) wrong[row.error].push_back(point);
      ++done;
      progress.advance();
    };
    sweep::run(*question_, grid_, units, {jobs, [] { return Interrupt::came(); }}, take);
    progress.finish();
    const std::size_t bad = complain(wrong, done);
    if (done < units.size()) return Exit::interrupted;
    if (bad == done && bad > 0) return Exit::input;
    return feasible > 0 || units.empty() ? Exit::answer : Exit::no_answer;
  }

  /// Says on stderr what is wrong with points: all that is wrong once, with the first values. Returns their rows.
  std::size_t complain(const std::map<std::string, std::vector<sweep::Point>>& wrong, std::size_t rows) const {
    std::size_t bad = 0;
    for (const auto& [error, points] : wrong) bad += points.size();
    if (bad == 0 || (invocation_.quiet && bad < rows)) return bad;
    say(bad == rows
            ? fmt::format("chipmix: no row is valid, of {}:", rows)
            : fmt::format("chipmix: {} of {} {} not valid:", bad, counted(rows, "row"), bad == 1 ? "is" : "are"));
    for (const auto& [error, points] : wrong) {
      std::string values;
      for (const auto& [path, value] : points.front())
        values += fmt::format("{}{} = {}", values.empty() ? "" : ", ", path, value);
      say(fmt::format("  {}{}: {}", values,
                      points.size() > 1 ? fmt::format(" and {} more", points.size() - 1) : std::string(), error));
    }
    return bad;
  }

  const Invocation& invocation_;
  sweep::Grid grid_;
  std::unique_ptr<sweep::Question> question_;
  std::vector<std::string> figures_, paths_;
  sweep::Shard shard_;
};

std::string list(const std::vector<std::size_t>& points) {
  return fmt::format("{}{}", fmt::join(points, ", "), points.size() > 9 ? ", ..." : "");
}

}  // namespace

Exit run_sweep(const Invocation& invocation) { return Sweep(invocation).run(); }

Exit run_merge(const Invocation& invocation) {
  if (!invocation.output) throw UsageError("merge needs --output FILE", invocation.command);
  const sweep::LineFormat format = format_of(*invocation.output, invocation);
  for (const std::string& path : invocation.positionals)
    if (format_of(path, invocation) != format)
      throw UsageError(fmt::format("'{}' and '{}' have different formats", path, *invocation.output),
                       invocation.command);
  const sweep::Merged merged = sweep::merge(invocation.positionals, format);
  for (const std::string& path : merged.torn)
    remark(fmt::format("{}: its last line is cut off and was left out", path), invocation);
  if (!merged.missing.empty())
    remark(fmt::format("points missing from all files: {}", list(merged.missing)), invocation);
  write_file(*invocation.output, merged.text);
  return merged.missing.empty() && merged.torn.empty() ? Exit::answer : Exit::no_answer;
}

}  // namespace chipmix::cli
