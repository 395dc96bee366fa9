#include "interop/shell.hpp"

#include <algorithm>
#include <cctype>

#include "io/scanner.hpp"

namespace chipmix::interop {
namespace {

using Names = std::vector<std::string_view>;

bool holds(const Names& names, std::string_view word) {
  return std::find(names.begin(), names.end(), word) != names.end();
}

class ScriptReader {
 public:
  ScriptReader(const std::string& file, std::string_view text, const std::function<bool(std::string_view)>& is_flag,
               io::Diagnostics& diagnostics)
      : file_(file), text_(text), is_flag_(is_flag), diagnostics_(diagnostics), words_(file, text, script_.variables) {}

  Script run() {
    while (true) {
      words_.skip_blanks(true);
      if (words_.ended()) break;
      if (std::string_view(";&|()").find(words_.next()) != std::string_view::npos)
        words_.skip();
      else
        command();
    }
    if (script_.arguments.empty()) script_.arguments = std::move(bare_);
    if (script_.arguments.empty()) take_variables();
    if (script_.arguments.empty() && diagnostics_.empty())
      fault(0, "no arguments of a training run in this file",
            "a launch such as 'torchrun pretrain_gpt.py --num-layers 32', or lines of arguments");
    return std::move(script_);
  }

 private:
  void command() {
    std::vector<Word> words;
    bool at_start = true;
    bool declares = false;
    while (true) {
      words_.skip_blanks(false);
      if (words_.ended() || std::string_view("\n;&|()").find(words_.next()) != std::string_view::npos) break;
      if (words_.next() == '<' || words_.next() == '>') {
        if (redirection()) break;
        continue;
      }
      if (at_start || declares)
        if (const auto target = words_.assignment()) {
          assign(*target);
          continue;
        }
      const std::size_t begin = words_.offset();
      std::vector<Word> fields = words_.fields();
      if (words_.offset() == begin) words_.skip();  // nothing that begins a word
      if (at_start && fields.size() == 1 && keyword(fields.front(), begin)) continue;
      if (at_start && fields.size() == 1)
        declares = holds({"export", "declare", "local", "readonly", "typeset", "env"}, fields.front().text);
      at_start = false;
      const bool is_descriptor = fields.size() == 1 && fields.front().text.size() == 1 &&
                                 std::isdigit(static_cast<unsigned char>(fields.front().text[0])) &&
                                 (words_.next() == '>' || words_.next() == '<');
      if (!is_descriptor) std::move(fields.begin(), fields.end(), std::back_inserter(words));
    }
    finish(std::move(words));
  }

  /// Whether the lines of a here-document, which end the command, were passed.
  bool redirection() {
    const bool is_document = words_.next() == '<';
    int arrows = 0;
    for (; words_.next() == '<' || words_.next() == '>' || words_.next() == '&'; words_.skip())
      if (words_.next() == '<') ++arrows;
    if (is_document && arrows == 2 && words_.next() == '-') words_.skip();
    words_.skip_blanks(false);
    const std::vector<Word> target = words_.fields();
    if (!is_document || arrows != 2 || target.empty()) return false;
    words_.skip_to_line(target.front().text);
    return true;
  }

  /// Conditions, loops and functions open and close; whether a word was one of them.
  bool keyword(const Word& word, std::size_t begin) {
    if (holds({"then", "else", "elif", "do", "!", "time", "exec"}, word.text)) return true;
    if (holds({"if", "for", "while", "until", "case", "select", "{"}, word.text)) {
      open_.push_back(begin);
      return true;
    }
    if (!holds({"fi", "done", "esac", "}"}, word.text)) return false;
    if (!open_.empty()) open_.pop_back();
    return true;
  }

  void assign(const ShellWords::Assignment& target) {
    Variable value;
    if (words_.next() == '(') {
      words_.skip();
      value = {words_.list(), true};
    } else {
      value.elements.push_back(words_.value());
    }
    for (Word& word : value.elements)
      if (!open_.empty()) word.condition = open_.back();
    Variable& variable = script_.variables[target.name];
    if (!holds_name(target.name)) order_.push_back(target.name);
    if (!target.appends) {
      variable = std::move(value);
    } else if (value.is_array) {
      variable.is_array = true;
      std::move(value.elements.begin(), value.elements.end(), std::back_inserter(variable.elements));
    } else {
      if (variable.elements.empty()) variable.elements.emplace_back();
      variable.elements.front().add(value.elements.front());
    }
  }

  bool holds_name(const std::string& name) const {
    return std::find(order_.begin(), order_.end(), name) != order_.end();
  }

  bool has_flag(const std::vector<Word>& words) const {
    return std::any_of(words.begin(), words.end(), [&](const Word& word) {
      return is_flag_(std::string_view(word.text).substr(0, word.text.find('=')));
    });
  }

  void finish(std::vector<Word> words) {
    if (words.empty() || holds({"echo", "printf", "mkdir", "tee", "cat"}, words.front().text)) return;
    if (words.front().text.starts_with('-')) {
      if (open_.empty()) std::move(words.begin(), words.end(), std::back_inserter(bare_));
      return;
    }
    if (!has_flag(words)) return;
    if (!open_.empty())
      return fault(open_.back(), "the launch stands inside a condition, a loop or a function, which is not worked out",
                   "keep the launch alone, outside of it");
    if (!script_.arguments.empty())
      return fault(words.front().offset(), "a second launch", "keep one launch in the file");
    script_.arguments = std::move(words);
  }

  /// Arrays and texts that hold arguments, in the order of the file.
  void take_variables() {
    for (const std::string& name : order_) {
      std::vector<Word> words;
      for (const Word& element : script_.variables[name].elements) split(element, words);
      if (has_flag(words)) std::move(words.begin(), words.end(), std::back_inserter(script_.arguments));
    }
  }

  static void split(const Word& element, std::vector<Word>& words) {
    Word word;
    const auto close = [&] {
      if (!word.text.empty()) words.push_back(std::move(word));
      word = {};
    };
    for (std::size_t i = 0; i < element.text.size(); ++i) {
      if (std::isspace(static_cast<unsigned char>(element.text[i]))) {
        close();
        continue;
      }
      word.add(element.text[i], element.at[i]);
      word.mark(element);
    }
    close();
  }

  void fault(std::size_t offset, std::string message, std::string hint) {
    diagnostics_.add(io::diagnostic_at(file_, text_, {offset, std::move(message), std::move(hint)}));
  }

  const std::string& file_;
  std::string_view text_;
  const std::function<bool(std::string_view)>& is_flag_;
  io::Diagnostics& diagnostics_;
  Script script_;
  ShellWords words_;
  std::vector<std::string> order_;
  std::vector<Word> bare_;
  std::vector<std::size_t> open_;  ///< offsets of the conditions, loops and functions around
};

}  // namespace

Script read_script(const std::string& file, std::string_view text, const std::function<bool(std::string_view)>& is_flag,
                   io::Diagnostics& diagnostics) {
  return ScriptReader(file, text, is_flag, diagnostics).run();
}

}  // namespace chipmix::interop
