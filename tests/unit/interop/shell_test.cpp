// Are launch scripts followed as bash would follow them, and what cannot be followed refused?
#include <catch2/catch.hpp>

#include "interop/arithmetic.hpp"
#include "interop/layer_lists.hpp"
#include "interop/shell.hpp"
#include "launches.hpp"

namespace chipmix::interop {
namespace {

std::string words(const std::string& text) {
  io::Diagnostics diagnostics;
  const auto is_flag = [](std::string_view word) { return word.starts_with("--a"); };
  std::string all;
  for (const Word& word : read_script("run.sh", text, is_flag, diagnostics).arguments)
    all += (all.empty() ? "" : "|") + word.text + (word.unknown.empty() ? "" : "?") +
           (word.condition == Word::nowhere ? "" : "!");
  diagnostics.throw_if_any();
  return all;
}

std::string fault(const std::string& text) {
  try {
    words(text);
  } catch (const InputError& error) {
    return to_text(error.diagnostics().front());
  }
  return "none";
}

}  // namespace

TEST_CASE("are quotes, variables, arrays and joined lines expanded?") {
  CHECK(words("run.py --a 'x y' \"z w\" v\\ u") == "run.py|--a|x y|z w|v u");
  CHECK(words("A=1\nrun --a $A ${A}2 \"$A\" '$A'") == "run|--a|1|12|1|$A");
  CHECK(words("A=\"\n  --a 1 \\\n  --b 2\n\"\nrun $A \"$A\"").starts_with("run|--a|1|--b|2|"));
  CHECK(words("A=(--a 1 # one\n  --b '2 3')\nrun ${A[@]} \"${A[@]}\"") == "run|--a|1|--b|2|3|--a|1|--b|2 3");
  CHECK(words("A=(1)\nA+=(2 3)\nB=x\nB+=y\nrun --a ${A[@]} $B") == "run|--a|1|2|3|xy");
  CHECK(words("run \\\n  --a \\\n  1 # the end\n") == "run|--a|1");
  CHECK(words("A=${B:-7} C=${A:-8}\nrun --a $A $C ${D:-\"9\"}") == "run|--a|7|7|9");
  CHECK(words("A=3 B=4\nrun --a $((A * ($B + 1))) $((${A}/2))") == "run|--a|15|1");
  CHECK(words("run --a 1 > log 2>&1 | tee --a 2") == "run|--a|1");
  CHECK(words("cat <<END\n--a 5\nEND\nrun --a 1") == "run|--a|1");
  CHECK(words("export A=1; B=2 run --a $A $B") == "run|--a|1|2");
  CHECK(words("--a 1\n--b 2\n") == "--a|1|--b|2");
  CHECK(words("X=(--a 1)\nY=\"--b 2\"\nZ=\"--ab 3\"\n") == "--a|1|--ab|3");
}

TEST_CASE("is what a script leaves open marked, not guessed?") {
  CHECK(words("run --a $NONE ${NONE}x $(date) `date` $1 $((NONE+1)) ${#A}") ==
        "run|--a|$NONE?|$NONEx?|a command's output?|a command's output?|$1?|$((NONE+1))?|${#A}?");
  CHECK(words("A=1\nif [ -n \"$B\" ]; then A=2; fi\nrun --a $A") == "run|--a|2!");
  CHECK(words("A=(--a)\nfor x in 1 2; do A+=(y); done\nrun ${A[@]}") == "run|--a|y!");
  CHECK(fault("if true; then\n  run --a 1\nfi\n").find("1:1: error: the launch stands inside a condition") !=
        std::string::npos);
  CHECK(fault("run --a 1\nrun --a 2\n").find("2:1: error: a second launch") != std::string::npos);
}

TEST_CASE("is what is no script refused at its place?") {
  CHECK(fault("A='x\nrun --a 1").find("1:3: error: this quote is not closed") != std::string::npos);
  CHECK(fault("run --a \"x\n").find("1:9: error: this quote is not closed") != std::string::npos);
  CHECK(fault("A=(1 2\nrun --a 1").find("1:3: error: this list is not closed") != std::string::npos);
  CHECK(fault("run --a ${X\n").find("is not closed") != std::string::npos);
  std::string grows = "A=xxxxxxxxxxxxxxxx\n";
  for (int i = 0; i < 40; ++i) grows += "A=\"$A$A\"\n";
  CHECK(fault(grows).find("too long") != std::string::npos);
  std::string list = "A=(x)\n";
  for (int i = 0; i < 40; ++i) list += "A=(\"${A[@]}\" \"${A[@]}\")\n";
  CHECK(fault(list).find("too long") != std::string::npos);
}

TEST_CASE("are conditional arguments refused only where they matter?") {
  const std::string start = "A=(--num-layers 4 --seq-length 8 --micro-batch-size 1)\nif [ $X ]; then\n";
  const std::string end = "fi\ntorchrun --nproc-per-node 1 p.py ${A[@]} --hidden-size 64 --num-attention-heads 4\n";
  CHECK(faults(Framework::megatron, start + "  A+=(--wandb-project w)\n" + end).empty());
  CHECK(place_of(faults(Framework::megatron, start + "  A+=(--bf16)\n" + end), "'--bf16' depends on a condition") ==
        "3:7");
}

TEST_CASE("is arithmetic that does not fit refused?") {
  const auto none = [](const std::string&) { return std::optional<long long>(); };
  CHECK(evaluate(" 2 + 3 * 4 ", none) == 14);
  CHECK(evaluate("7 / 2 - -1", none) == 4);
  for (const char* text :
       {"", "1 +", "1 / 0", "x", "(1", "1)", "99999999999999999999", "1 ? 2 : 3", "999999999999 * 999999999999"})
    CHECK_FALSE(evaluate(text, none));
}

TEST_CASE("are lists of layers read and written?") {
  CHECK(*read_layout("Ett|(t|)*2,m|L") == std::vector<std::string>{"Ett", "t", "t", "m", "L"});
  CHECK(*read_layout("Et*3||t*2mL") == std::vector<std::string>{"Ettt", "", "ttmL"});
  CHECK(write_layout({1, 2, 0}, 1) == "Et|t*2|mL");
  CHECK(*read_pattern("([0]*2+[1,0]*2)") == std::vector<int>{0, 0, 1, 0, 1, 0});
  CHECK(write_pattern({false, false, true}) == "([0]*2+[1])");
  CHECK(*read_matrix("[[0,1],[1,1]*2]") == std::vector<std::vector<int>>{{0, 1}, {1, 1}, {1, 1}});
  for (const char* text : {"", "E(t", "Ex", "Et*", "Et*99999999", "E((t|)*2)*2"}) CHECK((!read_layout(text) || !*text));
  for (const char* text : {"", "[", "[1]*", "([1]", "[1]*999999", "[a]", "[1]+"}) CHECK_FALSE(read_pattern(text));
  for (const char* text : {"", "[]", "[[1]", "[[1]]*2", "[1]"}) CHECK_FALSE(read_matrix(text));
}

}  // namespace chipmix::interop
