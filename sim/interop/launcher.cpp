#include "interop/launcher.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "interop/arithmetic.hpp"

namespace chipmix::interop {
namespace {

constexpr long long most_ranks = 1 << 24;

enum class Counts { nodes, processes, ranks, tasks };

struct Option {
  const char* name;
  Counts counts;
};

/// torchrun (torch/distributed/run.py), msrun (mindspore/parallel/cluster), deepspeed (launcher/runner.py), accelerate
/// (commands/launch.py), srun and mpirun (their manuals).
constexpr std::array options{
    Option{"--nnodes", Counts::nodes},
    Option{"--num_nodes", Counts::nodes},
    Option{"--num-nodes", Counts::nodes},
    Option{"--num_machines", Counts::nodes},
    Option{"--nodes", Counts::nodes},
    Option{"-N", Counts::nodes},
    Option{"--nproc_per_node", Counts::processes},
    Option{"--nproc-per-node", Counts::processes},
    Option{"--num_gpus", Counts::processes},
    Option{"--num-gpus", Counts::processes},
    Option{"--ntasks-per-node", Counts::processes},
    Option{"--gpus-per-node", Counts::processes},
    Option{"--local_worker_num", Counts::processes},
    Option{"--worker_num", Counts::ranks},
    Option{"--num_processes", Counts::ranks},
    Option{"--num-processes", Counts::ranks},
    Option{"-np", Counts::ranks},
    Option{"--ntasks", Counts::tasks},
    Option{"-n", Counts::tasks},
};

const Option* option_named(std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(), [&](const Option& o) { return name == o.name; });
  return found == options.end() ? nullptr : &*found;
}

bool has_any(const std::string& text, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return text.find(word) != std::string::npos; });
}

Number number_in(const Word& word) {
  const auto number = whole_number(word.text);
  return number && *number > 0 && *number <= most_ranks ? Number(static_cast<int>(*number)) : std::nullopt;
}

Number number_of(const Variables& variables, const char* name) {
  const auto found = variables.find(name);
  if (found == variables.end() || found->second.elements.size() != 1) return std::nullopt;
  return number_in(settled(found->second.elements.front()));
}

}  // namespace

std::size_t program_of(const std::vector<Word>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& text = words[i].text;
    if (text.ends_with(".py")) return i;
    const bool is_launcher =
        i + 1 < words.size() && has_any(words[i + 1].text, {"torch.distributed", "accelerate", "deepspeed"});
    if (text == "-m" && i + 1 < words.size() && !is_launcher) return i + 1;
  }
  return words.size();
}

Work work_of(const std::string& program) {
  std::string name = program.substr(program.rfind('/') + 1);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  constexpr std::array first{"pretrain", "posttrain", "train_", "finetune", "fine_tune", "sft_"};
  const bool begins = std::any_of(first.begin(), first.end(), [&](const char* word) { return name.starts_with(word); });
  if (begins && !has_any(name, {"infer", "generat", "eval", "convert", "export"})) return Work::training;
  if (has_any(name, {"infer",  "generat", "server",     "eval",    "convert", "preprocess", "quantiz",  "export",
                     "merge_", "ckpt",    "checkpoint", "trtllm",  "ptq",     "chat",       "download", "process_data",
                     "build_", "analyze", "index",      "retriev", "prune",   "report_",    "create_",  "beam"}))
    return Work::other;
  if (has_any(name, {"train", "finetune", "fine_tune", "sft", "distill"})) return Work::training;
  if (has_any(program, {"tasks/", "tools/", "inference/", "preprocess"})) return Work::other;
  return Work::unclear;
}

void read_launcher(const std::vector<Word>& words, std::size_t program, const Variables& variables, Given& given) {
  Number nodes, processes, ranks, tasks;
  Arguments& a = given.values();
  for (std::size_t i = 0; i < program; ++i) {
    const std::string& text = words[i].text;
    const std::size_t equals = text.find('=');
    const Option* option = option_named(std::string_view(text).substr(0, equals));
    const bool joined = equals != std::string::npos;
    if (!option || (!joined && i + 1 >= program)) continue;
    Word value = joined ? words[i] : words[i + 1];
    if (joined) value.text = text.substr(equals + 1);
    given.stands(option->name, words[i].offset());
    if (!value.unknown.empty()) given.lacks(value.unknown);
    // An elastic launch may have any number of servers.
    Number& member = option->counts == Counts::nodes       ? nodes
                     : option->counts == Counts::processes ? processes
                     : option->counts == Counts::ranks     ? ranks
                                                           : tasks;
    if (const Number number = number_in(value))
      member = number;
    else
      member = std::nullopt;
  }
  const bool starts_one = program > 0 && words[0].text.find("srun") == std::string::npos;
  if (!nodes && !starts_one) nodes = number_of(variables, "SLURM_NNODES");
  if (!processes && !starts_one) processes = number_of(variables, "SLURM_NTASKS_PER_NODE");
  if (ranks)
    a.world = ranks;
  else if (processes && (nodes || !given.has("--nnodes")))
    a.nodes = nodes.value_or(1), a.processes = processes;
  else if (tasks)
    a.world = tasks;
}

void set_slurm(std::string_view text, Variables& variables) {
  constexpr std::string_view mark = "#SBATCH";
  const auto set = [&](const char* name, std::string_view value, std::size_t at) {
    variables[name] = {{word_of(value, at)}, false};
  };
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
    if (at > 0 && text[at - 1] != '\n') continue;
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at + mark.size(), end - at - mark.size());
    const std::size_t name_begin = line.find('-');
    if (name_begin == std::string_view::npos) continue;
    const std::size_t name_end = line.find_first_of("= \t", name_begin);
    if (name_end == std::string_view::npos) continue;
    const std::string_view name = line.substr(name_begin, name_end - name_begin);
    std::string_view value = line.substr(name_end + 1);
    value = value.substr(value.rfind(':') + 1);  // mi250:8
    const std::size_t first = value.find_first_of("0123456789");
    if (first == std::string_view::npos) continue;
    value = value.substr(first);
    value = value.substr(0, value.find_first_not_of("0123456789"));
    if (name == "-N" || name == "--nodes") {
      for (const char* own : {"SLURM_NNODES", "SLURM_JOB_NUM_NODES"}) set(own, value, at);
    } else if (name == "--ntasks-per-node" || name == "--tasks-per-node") {
      for (const char* own : {"SLURM_NTASKS_PER_NODE", "SLURM_TASKS_PER_NODE"}) set(own, value, at);
    } else if (name == "--gpus-per-node" || name == "--gres") {
      for (const char* own : {"SLURM_GPUS_PER_NODE", "SLURM_GPUS_ON_NODE"}) set(own, value, at);
    }
  }
  if (text.starts_with(mark) || text.find("\n#SBATCH") != std::string_view::npos)  // as the job sees itself
    for (const char* own : {"SLURM_JOB_ID", "SLURM_JOBID"}) set(own, "1", 0);
  const Number nodes = number_of(variables, "SLURM_NNODES"), each = number_of(variables, "SLURM_NTASKS_PER_NODE");
  if (nodes && each) set("SLURM_NTASKS", std::to_string(1LL * *nodes * *each), 0);
}

}  // namespace chipmix::interop
