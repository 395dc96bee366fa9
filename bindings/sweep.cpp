// Sweeps: batches of points answered in one call, as arrays.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <atomic>
#include <mutex>

#include "asking.hpp"
#include "sweep/lines.hpp"
#include "sweep/row_file.hpp"
#include "sweep/run.hpp"

namespace chipmix::python {
namespace {

using Indices = py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>;
using sweep::Point;

/// Paths, the values they take (as JSON), and for each row the index of its value of each path; -1: left as it is.
struct Batch {
  Batch(std::vector<std::string> changed, std::vector<std::vector<std::string>> taken, const py::array& chosen,
        const py::array& asked)
      : paths(std::move(changed)), values(std::move(taken)), choices(chosen), places(asked) {
    for (auto& column : values)
      for (std::string& value : column) value = io::json_text(value);  // as the program writes it, for the keys
  }

  std::vector<std::string> paths;
  std::vector<std::vector<std::string>> values;
  Indices choices;
  Indices places;  ///< index of the option of each row, among those asked for

  std::size_t size() const { return static_cast<std::size_t>(places.size()); }

  void check(std::size_t options) const {
    if (choices.ndim() != 2 || choices.shape(0) != places.size() ||
        static_cast<std::size_t>(choices.shape(1)) != paths.size() || values.size() != paths.size())
      throw std::invalid_argument("choices: one row for each of places, one column for each path");
    for (py::ssize_t row = 0; row < places.size(); ++row) {
      if (places.at(row) < 0 || static_cast<std::size_t>(places.at(row)) >= options)
        throw std::invalid_argument("places: an index beyond the options");
      for (std::size_t i = 0; i < paths.size(); ++i)
        if (choices.at(row, i) >= static_cast<std::int64_t>(values[i].size()))
          throw std::invalid_argument("choices: an index beyond the values");
    }
  }

  Point point(std::size_t row) const {
    Point point;
    const std::int64_t* chosen = choices.data() + row * paths.size();
    for (std::size_t i = 0; i < paths.size(); ++i)
      if (chosen[i] >= 0) point.emplace_back(paths[i], values[i][static_cast<std::size_t>(chosen[i])]);
    return point;
  }
};

/// A question, and evaluators that are not at work.
class Sweep {
 public:
  Sweep(const Question& question, std::vector<std::string> options, bool intervals, const std::string& engine)
      : question_(io::Document::parse(question.document.file(), question.document.text()), question.shared->folder,
                  {std::move(options), intervals, engine_of(engine), {}, question.anchors}) {}

  const sweep::Question& question() const { return question_; }

  /// Whether work under way is to end at its next row.
  std::atomic<bool> is_stopped = false;

  std::vector<std::string> figures() const {
    return sweep::figure_names(question_.scenario().currency.code, question_.settings().intervals);
  }
  const std::string& option(std::size_t place) const {
    return question_.scenario().options[question_.options()[place]].name;
  }

  std::unique_ptr<sweep::Evaluator> take() {
    const std::lock_guard lock(guard_);
    if (idle_.empty()) return std::make_unique<sweep::Evaluator>(question_);
    auto evaluator = std::move(idle_.back());
    idle_.pop_back();
    return evaluator;
  }
  void give_back(std::unique_ptr<sweep::Evaluator> evaluator) {
    const std::lock_guard lock(guard_);
    idle_.push_back(std::move(evaluator));
  }

 private:
  sweep::Question question_;
  std::mutex guard_;
  std::vector<std::unique_ptr<sweep::Evaluator>> idle_;
};

std::vector<std::string> keys(const Sweep& self, const Batch& batch) {
  batch.check(self.question().options().size());
  return at_once([&] {
    std::vector<std::string> keys;
    for (std::size_t row = 0; row < batch.size(); ++row)
      keys.push_back(
          self.question().key(batch.point(row), self.option(static_cast<std::size_t>(batch.places.data()[row]))));
    return keys;
  });
}

std::vector<sweep::Row> rows_of(Sweep& self, const Batch& batch) {
  auto evaluator = self.take();
  std::vector<sweep::Row> rows;
  rows.reserve(batch.size());
  for (std::size_t row = 0; row < batch.size(); ++row) {
    if (self.is_stopped) throw std::runtime_error("the sweep was stopped");
    const auto place = static_cast<std::size_t>(batch.places.data()[row]);
    rows.push_back(evaluator->answer(batch.point(row), self.question().options()[place]));
  }
  self.give_back(std::move(evaluator));
  return rows;
}

/// Lines of a file, one for each row.
std::string lines_of(const Sweep& self, const Batch& batch, const std::vector<sweep::Row>& rows, const Indices& points,
                     const std::string& format) {
  const sweep::Lines lines(*sweep::line_format("." + format), batch.paths, self.figures());
  std::string text;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const Point point = batch.point(row);
    text += lines.line(self.question().key(point, rows[row].option), static_cast<std::size_t>(points.data()[row]),
                       point, rows[row]);
  }
  return text;
}

py::list texts(const std::vector<sweep::Row>& rows, std::string sweep::Row::*member) {
  py::list list(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) list[row] = py::str(rows[row].*member);
  return list;
}

/// Figures as one array of rows and columns, whether feasible, plans, reasons, errors, and lines where a format is
/// given.
py::tuple answer(Sweep& self, const Batch& batch, const py::array& numbers, const std::optional<std::string>& format) {
  batch.check(self.question().options().size());
  const Indices points(numbers);
  if (points.size() != batch.places.size()) throw std::invalid_argument("points: one for each row");
  std::vector<sweep::Row> rows;
  std::string lines;
  at_once([&] {
    rows = rows_of(self, batch);
    if (format) lines = lines_of(self, batch, rows, points, *format);
  });
  const std::size_t columns = self.figures().size();
  py::array_t<double> figures({rows.size(), columns});
  py::array_t<bool> feasible(static_cast<py::ssize_t>(rows.size()));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::copy_n(rows[row].figures.begin(), columns, figures.mutable_data() + row * columns);
    feasible.mutable_data()[row] = rows[row].feasible;
  }
  return py::make_tuple(figures, feasible, texts(rows, &sweep::Row::plan), texts(rows, &sweep::Row::reason),
                        texts(rows, &sweep::Row::error), lines);
}

void check(const Sweep& self, const std::vector<std::pair<std::string, std::vector<std::string>>>& axes) {
  std::vector<sweep::Axis> list;
  for (const auto& [path, values] : axes) list.push_back({path, values});
  at_once([&] { self.question().check(list); });
}

std::unique_ptr<sweep::RowFile> open_file(const Sweep& self, const std::string& path,
                                          const std::vector<std::string>& paths, bool resume) {
  const auto format = sweep::line_format(path);
  if (!format) throw std::invalid_argument("store: a file of rows ends in .csv or .jsonl");
  return std::make_unique<sweep::RowFile>(path, sweep::Lines(*format, paths, self.figures()), self.question().id(),
                                          resume);
}

}  // namespace

void bind_sweep(py::module_& module) {
  py::class_<Batch>(module, "SweepBatch", "Rows of a sweep to answer.")
      .def(py::init<std::vector<std::string>, std::vector<std::vector<std::string>>, const py::array&,
                    const py::array&>(),
           py::arg("paths"), py::arg("values"), py::arg("choices"), py::arg("places"));
  py::class_<sweep::RowFile>(module, "RowFile", "A file of rows that grows.")
      .def_property_readonly("known", &sweep::RowFile::known, "Keys of the rows that were there, and their points.")
      .def(
          "append", [](sweep::RowFile& self, const std::string& lines) { at_once([&] { self.append(lines); }); },
          py::arg("lines"))
      .def("release", &sweep::RowFile::release, "In a process that was forked: leaves the file to its parent.");
  py::class_<Sweep>(module, "Sweep", "A scenario asked at many points.")
      .def(py::init<const Question&, std::vector<std::string>, bool, const std::string&>(), py::arg("question"),
           py::arg("options"), py::arg("intervals"), py::arg("engine"))
      .def_property_readonly("id", [](const Sweep& self) { return self.question().id(); })
      .def_property_readonly("figures", &Sweep::figures)
      .def("go", [](Sweep& self) { self.is_stopped = false; })
      .def(
          "stop", [](Sweep& self) { self.is_stopped = true; }, "Ends work under way at its next row.")
      .def("check", &check, py::arg("axes"), "Raises InputError for a misspelt path, ValueError for one that clashes.")
      .def("keys", &keys, py::arg("batch"), "The content key of each row.")
      .def("answer", &answer, py::arg("batch"), py::arg("points"), py::arg("format"),
           "(figures, feasible, plans, reasons, errors, lines) of a batch.")
      .def("open", &open_file, py::arg("path"), py::arg("paths"), py::arg("resume"), "A CSV or JSONL file of rows.");
}

}  // namespace chipmix::python
