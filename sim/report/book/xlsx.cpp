#include "report/book/xlsx.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <numeric>
#include <stdexcept>

#include "base/diagnostic.hpp"
#include "base/utf8.hpp"
#include "io/folder.hpp"
#include "report/width.hpp"

namespace chipmix::report::book {
namespace {

constexpr std::time_t created = 315532800;               // 1980-01-01, the day of all files in the container
constexpr std::uintmax_t least_room = 64 * 1024 * 1024;  // for sheets on their way; the library checks no write
constexpr std::size_t longest_text = 32767 / 4;          // characters: a cell holds 32,767, some take two
constexpr int header_color = 0xDDE6EE, input_color = 0x0000C0, note_color = 0x606060;
constexpr std::uint8_t a4_paper = 9;

void check(lxw_error error) {
  if (error != LXW_NO_ERROR) throw std::logic_error(std::string("spreadsheet: ") + lxw_strerror(error));
}

/// A file in memory, with a name that the library can open.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("workbook", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw FileError("a file in memory", std::strerror(errno));
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

  std::string bytes() const {
    const off_t size = lseek(descriptor_, 0, SEEK_END);
    std::string all(static_cast<std::size_t>(size), '\0');
    for (std::size_t done = 0; done < all.size();) {
      const ssize_t got = pread(descriptor_, all.data() + done, all.size() - done, static_cast<off_t>(done));
      if (got <= 0) throw FileError("a file in memory", std::strerror(errno));
      done += static_cast<std::size_t>(got);
    }
    return all;
  }

 private:
  int descriptor_;
};

/// The folder for sheets on their way, if it has room for them.
std::string temporary_folder() {
  std::error_code error;
  const std::filesystem::path folder = io::temporary_folder();
  const auto space = std::filesystem::space(folder, error);
  if (!error && space.available < least_room)
    throw FileError(folder.string(), "less than 64 MiB left for temporary files");
  return folder.string();
}

/// Text that XML can hold: no control characters, and no more of it than a cell holds.
std::string clean_cell(const std::string& text) {
  std::string spaced = text;
  for (char& c : spaced)
    if (c == '\n' || c == '\t' || c == '\r') c = ' ';
  const std::string shown = printable(spaced);
  std::string out;
  std::size_t count = 0;
  for (std::size_t at = 0; at < shown.size() && count < longest_text; ++count) {
    const Character character = character_at(shown, at);
    const bool is_no_character = (character.code & 0xFFFE) == 0xFFFE;  // U+FFFE and its like are not in XML 1.0
    out += is_no_character ? std::string("\uFFFD") : shown.substr(at, character.length);
    at += character.length;
  }
  return out;
}

/// The look of a cell, each made once.
class Formats {
 public:
  explicit Formats(lxw_workbook* workbook) : workbook_(workbook) {}

  lxw_format* of(const Cell& cell) {
    lxw_format*& format = made_[{cell.format, cell.style}];
    if (!format) format = make(cell);
    return format;
  }

 private:
  lxw_format* make(const Cell& cell) {
    lxw_format* format = workbook_add_format(workbook_);
    if (cell.format != number::general) format_set_num_format(format, cell.format.c_str());
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    dress(format, cell.style);
    const bool is_text = cell.format == number::general && (cell.style == Style::plain || cell.style == Style::note);
    if (is_text) format_set_indent(format, 1);  // away from the number on its left
    return format;
  }

  static void dress(lxw_format* format, Style style) {
    constexpr double title_size = 16, heading_size = 13;
    for (const Style bold : {Style::title, Style::heading, Style::header, Style::total})
      if (style == bold) format_set_bold(format);
    for (const Style wrapped : {Style::plain, Style::header, Style::note, Style::paragraph})
      if (style == wrapped) format_set_text_wrap(format);
    if (style == Style::title) format_set_font_size(format, title_size);
    if (style == Style::heading) format_set_font_size(format, heading_size);
    if (style == Style::input) format_set_font_color(format, input_color);
    if (style == Style::note) format_set_font_color(format, note_color);
    if (style == Style::total) format_set_top(format, LXW_BORDER_THIN);
    if (style != Style::header) return;
    format_set_bg_color(format, header_color);
    format_set_align(format, LXW_ALIGN_CENTER);
    format_set_bottom(format, LXW_BORDER_THIN);
  }

  lxw_workbook* workbook_;
  std::map<std::pair<std::string, Style>, lxw_format*> made_;
};

std::uint8_t type_of(Chart::Kind kind) {
  switch (kind) {
    case Chart::Kind::bar:
      return LXW_CHART_BAR;
    case Chart::Kind::column:
      return LXW_CHART_COLUMN;
    case Chart::Kind::line:
      return LXW_CHART_LINE;
  }
  throw std::logic_error("unknown kind of chart");
}

/// A range of one column as charts name it: "=Summary!$A$3:$A$8".
std::string range(const Sheet& sheet, const Chart& chart, std::size_t column) {
  const auto cell = [&](std::size_t row) {
    const std::string at = place(row, column);
    const std::size_t letters = at.find_first_of("0123456789");
    return "$" + at.substr(0, letters) + "$" + at.substr(letters);
  };
  return "='" + sheet.name + "'!" + cell(chart.first) + ":" + cell(chart.last);
}

void draw(lxw_workbook* workbook, lxw_worksheet* to, const Sheet& sheet, const Chart& chart) {
  constexpr double width = 720, line = 26, least = 300;  // pixels
  lxw_chart* drawn = workbook_add_chart(workbook, type_of(chart.kind));
  if (!drawn) throw std::logic_error("spreadsheet: no chart " + chart.title);
  for (const Chart::Series& one : chart.series) {
    lxw_chart_series* series =
        chart_add_series(drawn, range(sheet, chart, chart.names).c_str(), range(sheet, chart, one.column).c_str());
    chart_series_set_name(series, clean_cell(one.name).c_str());
  }
  chart_title_set_name(drawn, clean_cell(chart.title).c_str());
  // Of bars the library's x axis is the horizontal one, that of the values.
  const bool is_bar = chart.kind == Chart::Kind::bar;
  chart_axis_set_name(is_bar ? drawn->x_axis : drawn->y_axis, clean_cell(chart.axis).c_str());
  if (is_bar) chart_axis_set_reverse(drawn->y_axis);  // the first row on top
  if (chart.series.size() == 1) chart_legend_set_position(drawn, LXW_CHART_LEGEND_NONE);
  lxw_chart_options options{};
  options.x_scale = width / 480;  // of the library's usual size, 480 by 288
  options.y_scale = std::max(least, line * static_cast<double>(chart.last - chart.first + 4)) / 288;
  check(worksheet_insert_chart_opt(to, static_cast<lxw_row_t>(chart.row), static_cast<lxw_col_t>(chart.column), drawn,
                                   &options));
}

class Writer {
 public:
  Writer(const std::string& path, std::string& temporary) {
    lxw_workbook_options options{};
    options.tmpdir = temporary.data();
    workbook_.reset(workbook_new_opt(path.c_str(), &options));
    if (!workbook_) throw std::bad_alloc();
    formats_ = std::make_unique<Formats>(workbook_.get());
  }

  void describe(const std::string& title) {
    std::string words = clean_cell(title);
    constexpr std::size_t longest = 200;  // of 255 bytes
    if (words.size() > longest) words = "chipmix report";
    lxw_doc_properties properties{};
    properties.title = words.data();
    properties.created = created;
    check(workbook_set_properties(workbook_.get(), &properties));
  }

  void add(const Sheet& sheet) {
    lxw_worksheet* to = workbook_add_worksheet(workbook_.get(), sheet.name.c_str());
    if (!to) throw std::logic_error("spreadsheet: no sheet " + sheet.name);
    lay_out(to, sheet);
    for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
      set_height(to, static_cast<lxw_row_t>(row), sheet);
      for (std::size_t column = 0; column < sheet.rows[row].size(); ++column) {
        const Cell& cell = sheet.rows[row][column];
        if (cell.style == Style::paragraph)
          write_across(to, static_cast<lxw_row_t>(row), sheet, cell);
        else
          write(to, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column), cell);
      }
    }
    for (const Chart& chart : sheet.charts) draw(workbook_.get(), to, sheet, chart);
  }

  void define(const DefinedName& name) {
    const std::string at = place(name.row, name.column);
    const std::size_t letters = at.find_first_of("0123456789");
    const std::string cell = "='" + name.sheet + "'!$" + at.substr(0, letters) + "$" + at.substr(letters);
    check(workbook_define_name(workbook_.get(), name.name.c_str(), cell.c_str()));
  }

  /// The library frees the workbook, whether this succeeds or not.
  void close(const std::string& temporary) {
    const lxw_error error = workbook_close(workbook_.release());
    if (error != LXW_NO_ERROR) throw FileError(temporary, lxw_strerror(error));
  }

 private:
  static void lay_out(lxw_worksheet* to, const Sheet& sheet) {
    for (std::size_t i = 0; i < sheet.widths.size(); ++i)
      check(worksheet_set_column(to, static_cast<lxw_col_t>(i), static_cast<lxw_col_t>(i), sheet.widths[i], nullptr));
    worksheet_set_landscape(to);
    worksheet_set_paper(to, a4_paper);
    worksheet_fit_to_pages(to, 1, 0);  // one page wide, as many as it takes
    worksheet_set_footer(to, "&L&A&R&P / &N");
    if (sheet.frozen_rows + sheet.frozen_columns == 0) return;
    worksheet_freeze_panes(to, static_cast<lxw_row_t>(sheet.frozen_rows), static_cast<lxw_col_t>(sheet.frozen_columns));
    if (sheet.frozen_rows > 0) check(worksheet_repeat_rows(to, 0, static_cast<lxw_row_t>(sheet.frozen_rows - 1)));
  }

  /// Lines that a text takes in so many characters, some of them left for wide letters and words that do not break.
  static double lines(const Cell& cell, double width) {
    constexpr double used = 0.85;
    const auto* text = std::get_if<std::string>(&cell.content);
    if (cell.style == Style::title || cell.style == Style::heading) return cell.style == Style::title ? 1.6 : 1.3;
    if (!text || cell.style == Style::total) return 1;
    return std::max(1.0, std::ceil(static_cast<double>(display_width(clean_cell(*text))) / (width * used)));
  }

  /// Rows are as high as their words need: not every program finds that out by itself.
  static void set_height(lxw_worksheet* to, lxw_row_t row, const Sheet& sheet) {
    constexpr double line = 15, highest = 405;  // points; what spreadsheets allow is 409
    double most = 1;
    for (std::size_t column = 0; column < sheet.rows[row].size(); ++column) {
      const Cell& cell = sheet.rows[row][column];
      const bool is_across = cell.style == Style::paragraph;
      most = std::max(most, lines(cell, is_across ? total_width(sheet) : width_of(sheet, column)));
    }
    if (most > 1) check(worksheet_set_row(to, row, std::min(highest, line * most), nullptr));
  }

  static double width_of(const Sheet& sheet, std::size_t column) {
    return column < sheet.widths.size() ? sheet.widths[column] : LXW_DEF_COL_WIDTH;
  }

  static double total_width(const Sheet& sheet) {
    return std::accumulate(sheet.widths.begin(), sheet.widths.end(), 0.0);
  }

  void write_across(lxw_worksheet* to, lxw_row_t row, const Sheet& sheet, const Cell& cell) {
    check(worksheet_merge_range(to, row, 0, row, static_cast<lxw_col_t>(sheet.widths.size() - 1),
                                clean_cell(std::get<std::string>(cell.content)).c_str(), formats_->of(cell)));
  }

  void write(lxw_worksheet* to, lxw_row_t row, lxw_col_t column, const Cell& cell) {
    lxw_format* format = formats_->of(cell);
    if (const auto* text = std::get_if<std::string>(&cell.content)) {
      check(worksheet_write_string(to, row, column, clean_cell(*text).c_str(), format));
    } else if (const auto* value = std::get_if<double>(&cell.content)) {
      check(worksheet_write_number(to, row, column, *value, format));
    } else if (const auto* formula = std::get_if<Formula>(&cell.content)) {
      const std::string live = "=" + formula->text;
      if (const auto* result = std::get_if<double>(&formula->value))
        check(worksheet_write_formula_num(to, row, column, live.c_str(), format, *result));
      else
        check(worksheet_write_formula_str(to, row, column, live.c_str(), format,
                                          clean_cell(std::get<std::string>(formula->value)).c_str()));
    } else if (cell.style != Style::plain) {
      check(worksheet_write_blank(to, row, column, format));
    }
  }

  struct Free {
    void operator()(lxw_workbook* workbook) const { lxw_workbook_free(workbook); }
  };
  std::unique_ptr<lxw_workbook, Free> workbook_;
  std::unique_ptr<Formats> formats_;
};

}  // namespace

std::string xlsx(const Workbook& workbook) {
  std::string temporary = temporary_folder();
  const MemoryFile file;
  Writer writer(file.path(), temporary);
  writer.describe(workbook.title);
  for (const Sheet& sheet : workbook.sheets) writer.add(sheet);
  for (const DefinedName& name : workbook.names) writer.define(name);
  writer.close(temporary);
  return file.bytes();
}

}  // namespace chipmix::report::book
