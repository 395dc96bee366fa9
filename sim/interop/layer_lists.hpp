// Lists of layers as launch arguments spell them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chipmix::interop {

/// --pipeline-model-parallel-layout: what each chunk holds, in pipeline order, as letters: E embedding, t layer,
/// m prediction layer, L loss. Chunks are parted by "|", commas mean nothing, "x*3" and "(xy|)*3" repeat. Nothing if
/// the text is anything else, or holds more than 100,000 letters.
std::optional<std::vector<std::string>> read_layout(std::string_view text);
/// Of `counts` layers a chunk, with `prediction` prediction layers before the loss.
std::string write_layout(const std::vector<int>& counts, int prediction);

/// --moe-layer-freq with a list: "[0]*3+[1]*58", "([1]*3+[0])*4". Nothing if the text is anything else.
std::optional<std::vector<int>> read_pattern(std::string_view text);
/// "([0]*3+[1]*58)".
std::string write_pattern(const std::vector<bool>& is_set);

/// --pipeline-num-transformer-layers: "[[0,1],[1,1]*4,[1,0]]", rows being stages.
std::optional<std::vector<std::vector<int>>> read_matrix(std::string_view text);

/// "17,20,22,21".
std::optional<std::vector<int>> read_numbers(std::string_view text);
std::string write_numbers(const std::vector<int>& numbers);

}  // namespace chipmix::interop
