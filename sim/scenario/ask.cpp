#include "scenario/ask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>

#include "base/spelling.hpp"
#include "base/utf8.hpp"
#include "scenario/ask_words.hpp"

namespace chipmix::scenario {
namespace {

constexpr const char* file_name = "question";
const std::vector<std::string> quick_ways = {"pipeline", "data"};

/// Words that only make the line read like a sentence.
bool is_filler(const std::string& word) {
  static constexpr std::array<std::string_view, 7> words{"on", "or", "vs", "tokens", "for", "with", "and"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_count(const std::string& word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c); });
}

class Line {
 public:
  Line(const Asked& asked, Library& library) : asked_(asked), library_(library) {
    for (const std::string& word : asked.words) {
      begins_.push_back(text_.size());
      text_ += word + " ";
    }
    if (!text_.empty()) text_.pop_back();
  }

  io::Document run() {
    for (std::size_t i = 0; i < asked_.words.size(); ++i) read(i);
    if (model_.empty()) complain(text_.size(), "no model", "for example: chipmix ask llama-3.1-70b 2T 512xH100");
    if (stages_.empty() && !model_.empty()) complain(text_.size(), "no number of tokens", "for example 5T, or 5T@4K");
    if (options_.empty() && !model_.empty())
      complain(text_.size(), "no devices to train on", "for example 1024xH800, with a price 1024xH800@14CNY/h");
    nlohmann::ordered_json question = json();
    diagnostics_.throw_if_any();
    return io::Document::parse(file_name, question.dump(2) + "\n");
  }

 private:
  void read(std::size_t index) {
    const std::string& word = asked_.words[index];
    const auto at_word = [&](std::size_t at, std::string message, std::string hint) {
      complain(begins_[index] + at, std::move(message), std::move(hint));
    };
    if (is_filler(word)) return;
    if (is_option(word)) return read_groups(word, at_word);
    if (model_.empty()) return read_model(word, at_word);
    if (!stages_.empty())
      return at_word(0, fmt::format("'{}' is not an option, and the tokens are already given", word),
                     option_hint(index));
    stages_ = read_tokens(word, at_word);
  }

  /// "write 64xH100" for "64H100", "H100x64" and "64 H100".
  std::string option_hint(std::size_t index) const {
    const std::string& word = asked_.words[index];
    const auto meant = swapped_option(word);
    const std::string name = meant ? meant->text.substr(meant->text.find('x') + 1) : "";
    if (meant && library_.device(name)) return fmt::format("write {}", meant->text);
    if (index + 1 < asked_.words.size() && library_.device(asked_.words[index + 1]) && is_count(word))
      return fmt::format("write {}x{}", word, asked_.words[index + 1]);
    return "options look like 1024xH800, with a price 1024xH800@14CNY/h";
  }

  void read_model(const std::string& word, const Complain& at_word) {
    model_ = word;
    if (!library_.model(word))
      at_word(0, fmt::format("unknown model '{}'", word), spelling_hint(word, library_.ids("models")));
  }

  void read_groups(const std::string& word, const Complain& at_word) {
    std::vector<AskedGroup> groups = read_option(word, at_word);
    for (const AskedGroup& group : groups) {
      const hardware::DeviceSpec* device = library_.device(group.device.text);
      if (!device)
        at_word(group.device.at, fmt::format("unknown device '{}'", group.device.text),
                spelling_hint(group.device.text, library_.device_names()));
      else if (group.rent)
        quotes_.emplace(device->id, *group.rent);
    }
    options_.push_back({word, std::move(groups)});
  }

  void complain(std::size_t at, std::string message, std::string hint) {
    Diagnostic fault;
    fault.file = file_name;
    fault.place = {1, static_cast<int>(characters(std::string_view(text_).substr(0, at))) + 1};
    fault.message = std::move(message);
    fault.hint = std::move(hint);
    fault.source_line = text_;
    diagnostics_.add(std::move(fault));
  }

  nlohmann::ordered_json json() {
    nlohmann::ordered_json question = {{"name", title()}};
    if (asked_.start) question["start"] = *asked_.start;
    if (asked_.currency) question["currency"] = *asked_.currency;
    question["job"] = job();
    for (std::size_t i = 0; i < options_.size(); ++i) question["options"].push_back(option(options_[i], i));
    if (!marks_.empty()) question["defaults"] = marks_;
    return question;
  }

  std::string title() const {
    std::string text = model_;
    for (const AskedStage& stage : stages_)
      text += fmt::format("{}{} tokens{}", &stage == stages_.data() ? ", " : ", then ", stage.tokens,
                          stage.length.empty() ? "" : " at " + stage.length);
    if (asked_.within) text += ", within " + *asked_.within;
    if (asked_.budget) text += ", for at most " + *asked_.budget;
    return text;
  }

  nlohmann::ordered_json job() {
    nlohmann::ordered_json job = {{"model", model_}};
    if (stages_.size() == 1) {
      job["tokens"] = stages_.front().tokens;
      if (stages_.front().sequence) job["sequence_length"] = *stages_.front().sequence;
    }
    for (std::size_t i = 0; stages_.size() > 1 && i < stages_.size(); ++i) {
      nlohmann::ordered_json stage = {{"name", stage_name(i)}, {"tokens", stages_[i].tokens}};
      if (stages_[i].sequence) stage["sequence_length"] = *stages_[i].sequence;
      job["stages"].push_back(std::move(stage));
    }
    if (asked_.batch) job["global_batch"] = nlohmann::ordered_json::parse(io::json_text(*asked_.batch));
    if (asked_.dtype) job["dtype"] = *asked_.dtype;
    if (asked_.practice) job["practice"] = *asked_.practice;
    if (asked_.finetune) job["finetune"] = *asked_.finetune;
    if (asked_.within) {
      const auto within = time_text(*asked_.within);
      if (!within) beside("--within", *asked_.within, "is not a time", "for example 60d, 12w, 3months or 2027-03-31");
      job["deadline"] = within.value_or("");
    }
    if (asked_.budget) {
      const auto budget = money_text(*asked_.budget);
      if (!budget) beside("--budget", *asked_.budget, "is not an amount of money", "for example 3M USD");
      job["budget"] = budget.value_or("");
    }
    return job;
  }

  std::string stage_name(std::size_t index) const {
    const std::string& length = stages_[index].length;
    const auto same =
        std::count_if(stages_.begin(), stages_.end(), [&](auto& other) { return other.length == length; });
    return length.empty() || same > 1 ? fmt::format("stage {}", index + 1) : length;
  }

  /// A fault of an option, which does not stand in the line.
  void beside(const char* option, const std::string& written, const char* message, const char* hint) {
    Diagnostic fault;
    fault.file = file_name;
    fault.message = fmt::format("{}: '{}' {}", option, written, message);
    fault.hint = hint;
    diagnostics_.add(std::move(fault));
  }

  struct AskedOption {
    std::string word;
    std::vector<AskedGroup> groups;
  };

  nlohmann::ordered_json option(const AskedOption& asked, std::size_t index) {
    std::string name, label;
    for (const AskedGroup& group : asked.groups) {
      name += fmt::format("{}{}x{}", name.empty() ? "" : "+", group.devices, group.device.text);
      label += fmt::format("{}{} {}", label.empty() ? "" : " + ", grouped(group.devices), group.device.text);
    }
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (const int times = ++named_[name]; times > 1) {
      name += fmt::format("-{}", times);
      label += fmt::format(" ({})", times);
    }
    nlohmann::ordered_json option = {{"name", name}, {"label", label}};
    if (asked.groups.size() == 1) {
      option["cluster"] = cluster(asked.groups.front());
      if (const auto rent = rent_of(asked.groups.front())) option["rent"] = *rent;
      return option;
    }
    option["mix"]["ways"] = quick_ways;
    marks_.push_back({{"key", fmt::format("/options/{}/mix/ways", index)},
                      {"value", quick_ways},
                      {"grade", "default"},
                      {"reason",
                       "one pipeline over all islands, or shares of each batch: they train as one cluster does, and "
                       "are searched quickly"}});
    for (const AskedGroup& group : asked.groups) {
      nlohmann::ordered_json island = cluster(group);
      if (const auto rent = rent_of(group)) island["rent"] = *rent;
      option["mix"]["islands"].push_back(std::move(island));
    }
    return option;
  }

  static nlohmann::ordered_json cluster(const AskedGroup& group) {
    return {{"device", group.device.text}, {"devices", group.devices}};
  }

  /// Its own price, or the one that the question states for the device elsewhere.
  std::optional<std::string> rent_of(const AskedGroup& group) {
    if (group.rent) return group.rent;
    const hardware::DeviceSpec* device = library_.device(group.device.text);
    const auto quote = device ? quotes_.find(device->id) : quotes_.end();
    return quote == quotes_.end() ? std::nullopt : std::optional(quote->second);
  }

  /// "2,048".
  static std::string grouped(int count) {
    std::string text = std::to_string(count);
    for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), ",");
    return text;
  }

  const Asked& asked_;
  Library& library_;
  std::string text_;
  std::vector<std::size_t> begins_;
  io::Diagnostics diagnostics_;
  std::string model_;
  std::vector<AskedStage> stages_;
  std::vector<AskedOption> options_;
  std::map<std::string, std::string> quotes_;  ///< by device id
  std::map<std::string, int> named_;
  nlohmann::ordered_json marks_ = nlohmann::ordered_json::array();
};

/// Words of a shell are bytes; a document holds UTF-8.
Asked in_utf8(Asked asked) {
  for (std::string& word : asked.words) word = as_utf8(word);
  for (auto* said : {&asked.within, &asked.budget, &asked.start, &asked.currency, &asked.batch, &asked.dtype,
                     &asked.practice, &asked.finetune})
    if (*said) *said = as_utf8(**said);
  return asked;
}

}  // namespace

io::Document document_of(const Asked& asked, Library& library) {
  const Asked words = in_utf8(asked);
  return Line(words, library).run();
}

}  // namespace chipmix::scenario
