// Are launch scripts followed as bash would follow them, and what cannot be followed refused?
#include <catch2/catch.hpp>

#include "interop/arithmetic.hpp"
#include "interop/layer_lists.hpp"
#include "interop/shell.hpp"
#include "launches.hpp"

namespace chipmix::interop {
namespace {

std::string words(const std::string& text, const std::map<std::string, std::string>& given = {}) {
  const auto is_flag = [](std::string_view word) { return word.starts_with("--a"); };
  std::string all;
  for (const auto& launch : read_script({"run.sh", text, is_flag, given}).launches) {
    std::string one;
    for (const Word& raw : launch) {
      const Word word = settled(raw);
      one += (one.empty() ? "" : "|") + word.text + (word.unknown.empty() ? "" : "<" + word.unknown + ">") +
             (word.condition == Word::nowhere ? "" : "!");
    }
    all += (all.empty() ? "" : " ; ") + one;
  }
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
  CHECK(words("X=(--a 1)\nY=\"--ab 3\"\nunset X\n") == "--ab|3");
  CHECK(words("run --a $1 $0", {{"00", "x"}, {"1", "y"}}) == "run|--a|y|run.sh");
}

TEST_CASE("is what a script leaves open marked, not guessed?") {
  CHECK(words("run --a $NONE ${NONE}x $1") == "run|--a|<$NONE>|x<$NONE>|<$1>");
  CHECK(words("run --a $(date +%F) `date`").find("<the output of 'date'>") != std::string::npos);
  CHECK(words("run --a $((NONE+1))") == "run|--a|<$NONE>");
  CHECK(words("A=1\nif grep -q x f; then A=2; fi\nrun --a $A") == "run|--a|2!");
  CHECK(words("A=1\nif [ -n \"$B\" ]; then A=2; fi\nrun --a $A") == "run|--a|1");
  CHECK(words("A=(--a)\nfor x in 1 2; do A+=(y$x); done\nrun ${A[@]}") == "run|--a|y1|y2");
}

TEST_CASE("are conditions, loops, cases and functions run as bash runs them?") {
  CHECK(words("A=3\nif [ $A -gt 2 ] && [[ $A == [0-9] ]]; then B=x; else B=y; fi\nrun --a $B") == "run|--a|x");
  CHECK(words("M=7B\nif [[ $M = 1B ]]; then N=1\nelif [[ $M = 7B ]]; then N=2\nelse N=3\nfi\nrun --a $N") ==
        "run|--a|2");
  CHECK(words("case x_7b in a*) N=1 ;; *_7b|y) N=2 ;; *) N=3 ;; esac\nrun --a $N") == "run|--a|2");
  CHECK(words("f() { local n=$1; run --a $n $2; }\nf 1 2\n") == "run|--a|1|2");
  CHECK(words("for l in 1 2; do run --a $l; done") == "run|--a|1 ; run|--a|2");
  CHECK(words("i=0\nwhile [ $i -lt 3 ]; do i=$((i+1)); done\nrun --a $i") == "run|--a|3");
  CHECK(words("while true; do run --a 1; sleep 1; done") == "run|--a|1");
  CHECK(words("true && A=1 || A=2\nfalse && A=3\nrun --a $A") == "run|--a|1");
  CHECK(words("if true; then\n  run --a 1\nfi\n") == "run|--a|1");
  CHECK(words("C=\"run --a 1\"\necho $C\neval $C") == "run|--a|1");
  CHECK(words("srun -N 2 bash -c 'run --a 1'") == "srun|-N|2|run|--a|1");
  CHECK(words("(A=1; run --a $A)\nrun --a $A") == "run|--a|1 ; run|--a|<$A>");
  CHECK(words("f() { exit 0; }\nrun --a 1\nf\nrun --a 2") == "run|--a|1");
}

TEST_CASE("are operators on variables and commands that make text worked out?") {
  CHECK(words("A=x.tar.gz\nrun --a ${A%.gz} ${A%%.*} ${A#*.} ${A##*.} ${A/tar/zip} ${#A} ${A:2:3} ${A^^}") ==
        "run|--a|x.tar|x|tar.gz|gz|x.zip.gz|8|tar|X.TAR.GZ");
  CHECK(words("A=(1 2 3)\nrun --a ${A[1]} ${#A[@]} ${A[*]}") == "run|--a|2|3|1|2|3");
  CHECK(words("B=A; A=5\nrun --a ${!B} ${A:+y} ${C:+n} ${C:=4} $C") == "run|--a|5|y|4|4");
  CHECK(words("A=4\nrun --a $(expr $A \\* 2) `expr $A + 1` $(echo $A) $(basename /x/y.sh .sh) $(dirname a/b)") ==
        "run|--a|8|5|4|y|a");
  CHECK(words("A=$(echo \"8*4\" | bc)\nrun --a $A") == "run|--a|32");
}

TEST_CASE("do the caller's values stand for what the script is given?") {
  CHECK(words("G=${G:-4}\nrun --a $1 $G $#", {{"1", "x"}, {"G", "8"}}) == "run|--a|x|8|1");
  CHECK(words("N=$(nvidia-smi -L | wc -l)\nrun --a $N", {{"N", "8"}}) == "run|--a|8");
  CHECK(words("while [ $# -gt 0 ]; do case $1 in -n) N=$2; shift 2;; *) shift;; esac; done\nrun --a $N",
              {{"1", "-n"}, {"2", "7"}}) == "run|--a|7");
}

TEST_CASE("is a script that grows without end refused?") {
  CHECK(fault("f() { f; }\nf").find("too deeply") != std::string::npos);
  std::string brackets;
  for (int i = 0; i < 100; ++i) brackets += "( ";
  CHECK(fault(brackets + "run --a 1").find("too deeply") != std::string::npos);
  std::string braces = "run --a ";
  for (int i = 0; i < 5000; ++i) braces += "${A:-";
  CHECK(fault(braces).find("nested too deeply") != std::string::npos);
  std::string loops = "run --a 1\n";
  for (int i = 0; i < 12; ++i) loops += "for i in 1 2 3 4 5 6 7 8; do ";
  CHECK(fault(loops + "A=1" +
              [] {
                std::string end;
                for (int i = 0; i < 12; ++i) end += "; done";
                return end;
              }())
            .find("runs too long") != std::string::npos);
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
  const std::string start = "A=(--num-layers 4 --seq-length 8 --micro-batch-size 1)\nif grep -q x f; then\n";
  const std::string end = "fi\ntorchrun --nproc-per-node 1 p.py ${A[@]} --hidden-size 64 --num-attention-heads 4\n";
  CHECK(faults(Framework::megatron, start + "  A+=(--wandb-project w)\n" + end).empty());
  CHECK(place_of(faults(Framework::megatron, start + "  A+=(--bf16)\n" + end), "'--bf16' depends on a condition") ==
        "3:7");
}

TEST_CASE("is arithmetic that does not fit refused?") {
  const auto none = [](const std::string&) { return std::optional<long long>(); };
  CHECK(evaluate(" 2 + 3 * 4 ", none) == 14);
  CHECK(evaluate("7 / 2 - -1", none) == 4);
  CHECK(evaluate("1 < 2 && 3 != 4 ? 2 * 3 : 7", none) == 6);
  CHECK(evaluate("(2 >= 3) || !0", none) == 1);
  for (const char* text :
       {"", "1 +", "1 / 0", "x", "(1", "1)", "99999999999999999999", "1 ? 2", "1 <", "999999999999 * 999999999999"})
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
