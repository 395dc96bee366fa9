// The command in front of the program: how many ranks it starts, and whether the program trains at all.
#pragma once

#include <string>
#include <vector>

#include "interop/given.hpp"
#include "interop/shell_words.hpp"

namespace chipmix::interop {

/// Index of the program among the words of a launch ("pretrain_gpt.py", or the module behind -m); the number of words
/// if there is none.
std::size_t program_of(const std::vector<Word>& words);

enum class Work { training, other, unclear };

/// What a program does, by its file's name: "pretrain_gpt.py" trains, "convert.py" and "inference.py" do not.
Work work_of(const std::string& program);

/// Number of ranks that torchrun, msrun, deepspeed, accelerate, srun or mpirun start, from the words before the
/// program.
void read_launcher(const std::vector<Word>& words, std::size_t program, const Variables& variables, Given& given);

/// "#SBATCH --nodes=4" as the variables that Slurm sets from it.
void set_slurm(std::string_view text, Variables& variables);

}  // namespace chipmix::interop
