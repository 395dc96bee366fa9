// Does a field table read what it describes, and point at everything that does not fit?
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "faults.hpp"

using namespace chipmix;

namespace {

enum class Color { red, green };
io::Names<Color> names_of(io::Type<Color>) { return {{"red", Color::red}, {"green", Color::green}}; }

struct Point {
  double x = 0;
  double y = 0;
};

const io::Shape<Point>& shape_of(io::Type<Point>) {
  static const auto shape = io::Shape<Point>("point", "A point in the plane.")
                                .required("x", &Point::x, "Abscissa.")
                                .optional("y", &Point::y, "Ordinate.", io::at_least(0.0));
  return shape;
}

struct Everything {
  int count = 1;
  std::string name;
  Bytes memory;
  std::optional<Seconds> latency;
  Color color = Color::red;
  std::vector<Point> points;
  std::map<std::string, int> shares;
  std::map<Dtype, Sourced<FlopsPerSecond>> peak;
  std::variant<std::string, Point, std::vector<int>> place;
  io::OneOrMany<Point> corners;
  io::Count tokens;
  Sourced<double> efficiency;
  Rent rent;
};

const io::Shape<Everything>& shape_of(io::Type<Everything>) {
  static const auto shape = io::Shape<Everything>("everything", "One of each.")
                                .required("count", &Everything::count, "Number of devices.", io::at_least(1))
                                .optional("name", &Everything::name, "A name.", io::not_empty<std::string>())
                                .optional("memory", &Everything::memory, "Memory.", io::positive<Bytes>())
                                .optional("latency", &Everything::latency, "Latency.", io::at_least(Seconds(0)))
                                .optional("color", &Everything::color, "Color.")
                                .optional("points", &Everything::points, "Points.", io::not_empty<std::vector<Point>>())
                                .optional("shares", &Everything::shares, "Shares.", io::more_than(0))
                                .optional("peak", &Everything::peak, "Rates.", io::positive<FlopsPerSecond>())
                                .optional("place", &Everything::place, "Place.")
                                .optional("corners", &Everything::corners, "Corners.")
                                .optional("tokens", &Everything::tokens, "Tokens.", io::positive<io::Count>())
                                .optional("efficiency", &Everything::efficiency, "Share.", io::between(0.0, 1.0))
                                .optional("rent", &Everything::rent, "Rent.", io::not_negative<Rent>())
                                .ignored("$schema", "The schema this file follows.")
                                .check([](const Everything& all, const io::Value& value) {
                                  if (all.count == 13) value.find("count")->error("13 is unlucky");
                                });
  return shape;
}

}  // namespace

namespace {

/// The faults of an Everything with the required count and some more members.
std::vector<Diagnostic> faults_with(const std::string& members) {
  return faults_of<Everything>("{\"count\": 1, " + members + "}");
}

std::string only_message(const std::string& members) {
  const auto faults = faults_with(members);
  INFO(members);
  REQUIRE(faults.size() == 1);
  return faults[0].message;
}

std::string figure(const std::string& value, const std::string& more = "") {
  return R"({"value": )" + value + R"(, "grade": "datasheet", "source": "a datasheet")" + more + "}";
}

}  // namespace

TEST_CASE("is every kind of member read") {
  const auto all = value_of<Everything>(R"({
    "$schema": "x", "count": 3, "name": "n", "memory": "80 GiB", "latency": "5 us", "color": "green",
    "points": [{"x": 1}, {"x": 2, "y": 3}], "shares": {"a": 1, "b": 2},
    "peak": {"bf16": {"value": "989 TFLOP/s", "low": "900 TFLOP/s", "high": "1 PFLOP/s",
                      "grade": "datasheet", "source": "s"}},
    "place": {"x": 4}, "corners": {"x": 5}, "tokens": "1T", "rent": "27.5 CNY/h",
    "efficiency": {"value": 0.5, "grade": "measured", "source": "s", "note": "n"}})");
  CHECK(all.count == 3);
  CHECK(all.memory == Bytes(80 * bytes_per_gib));
  CHECK(all.latency.value().value() == Approx(5e-6));
  CHECK(all.color == Color::green);
  CHECK(all.points.at(1).y == 3);
  CHECK(all.shares.at("b") == 2);
  CHECK(all.peak.at(Dtype::bf16).value.value() == 989e12);
  CHECK(all.peak.at(Dtype::bf16).range.value().high.value() == 1e15);
  CHECK(std::get<Point>(all.place).x == 4);
  CHECK(all.corners.values.at(0).x == 5);
  CHECK(all.tokens.value == 1e12);
  CHECK(all.efficiency.grade == Evidence::measured);
  CHECK(all.efficiency.note == "n");
  CHECK_FALSE(all.efficiency.range.has_value());
  CHECK(all.rent.currency.code == "CNY");
}

TEST_CASE("does an absent optional member keep its value") {
  const auto all = value_of<Everything>(R"({"count": 1})");
  CHECK_FALSE(all.latency.has_value());
  CHECK(all.color == Color::red);
}

TEST_CASE("is an unknown key an error at the key, with the nearest name") {
  const auto faults = faults_of<Everything>("{\n  \"count\": 1,\n  \"latancy\": \"5 us\"\n}");
  REQUIRE(faults.size() == 1);
  CHECK(to_text(faults[0]) ==
        "test.json:3:3: error: unknown key 'latancy'\n"
        "    \"latancy\": \"5 us\"\n"
        "    ^\n"
        "  hint: did you mean 'latency'?");
  CHECK(faults[0].pointer == "/latancy");
}

TEST_CASE("is a missing key an error at its object") {
  const auto faults = faults_with(R"("points": [{"x": 1}, {"y": 2}])");
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].message == "missing key 'x'");
  CHECK(faults[0].pointer == "/points/1");
  CHECK(faults[0].hint == "x: Abscissa.");
}

TEST_CASE("are all faults of a file found at once") {
  CHECK(faults_with(R"("name": "", "memory": 80, "color": "rde", "points": [{"x": "1"}, {}], "tokns": 1, "rent": null)")
            .size() == 7);
}

TEST_CASE("what is said about a value of the wrong kind") {
  CHECK(only_message(R"("memory": 80)") == "'80' has no unit: expected a size");
  CHECK(only_message(R"("memory": "80 GB/s")") == "'80 GB/s' is a data rate, not a size");
  CHECK(only_message(R"("memory": null)") == "expected text with a number and a unit, found null");
  CHECK(only_message(R"("latency": null)") == "expected text with a number and a unit, found null");
  CHECK(only_message(R"("name": 5)") == "expected text, found a number");
  CHECK(only_message(R"("points": {})") == "expected a list, found an object");
  CHECK(only_message(R"("points": [1])") == "expected an object, found a number");
  CHECK(only_message(R"("shares": {"a": 1.5})") == "expected a whole number, found 1.5");
  CHECK(only_message(R"("shares": {"a": 3000000000})") == "the whole number 3000000000 is too large");
  CHECK(only_message(R"("shares": {"a": 1e300})") == "the whole number 1e+300 is too large");
  CHECK(only_message(R"("shares": {"a": 99999999999999999999})") == "the whole number 1e+20 is too large");
  CHECK(only_message(R"("shares": {"a": "7"})") == "expected a whole number, found text");
  CHECK(only_message(R"("color": "gren")") == "unknown name 'gren'");
  CHECK(only_message(R"("peak": {"bf17": )" + figure("\"1 TFLOPS\"") + "}") == "unknown number format 'bf17'");
  CHECK(only_message(R"("place": 5)") == "expected text or an object or a list, found a number");
  CHECK(only_message(R"("corners": [])") == "the list must not be empty");
  CHECK(only_message(R"("efficiency": 0.5)") == "expected an object, found a number");
  CHECK(only_message(R"("tokens": "1 trillion")") == "'trillion' is not a suffix of a count");
  CHECK(faults_of<Point>("[]").at(0).message == "expected an object, found a list");
}

TEST_CASE("is the alternative of a variant chosen by the kind of the value") {
  CHECK(value_of<Everything>(R"({"count": 1, "place": "here"})").place.index() == 0);
  CHECK(value_of<Everything>(R"({"count": 1, "place": {"x": 1}})").place.index() == 1);
  CHECK(value_of<Everything>(R"({"count": 1, "place": [1, 2]})").place.index() == 2);
  CHECK(only_message(R"("place": {"x": "one"})") == "expected a number, found text");
}

TEST_CASE("do whole numbers read 3 and 3.0 alike") {
  CHECK(value_of<Everything>(R"({"count": 3.0})").count == 3);
  CHECK(value_of<long long>("9007199254740993") == 9007199254740993);
  CHECK(value_of<int>("-2147483648") == -2147483647 - 1);
}

TEST_CASE("are limits kept, inside figures and lists too") {
  CHECK(faults_of<Everything>(R"({"count": 0})").at(0).message == "'count' must be at least 1, found 0");
  CHECK(only_message(R"("name": "")") == "'name' must not be empty, found \"\"");
  CHECK(only_message(R"("memory": "0 B")") == "'memory' must be more than 0, found \"0 B\"");
  CHECK(only_message(R"("latency": "-1 us")") == "'latency' must be at least 0, found \"-1 us\"");
  CHECK(only_message(R"("shares": {"a": 0})") == "'shares' must be more than 0, found 0");
  CHECK(only_message(R"("efficiency": )" + figure("1.5")) == "'efficiency' must be between 0 and 1, found 1.5");
  CHECK(only_message(R"("rent": "-1 CNY/h")") == "'rent' must be at least 0, found \"-1 CNY/h\"");
  const auto faults = faults_with(R"("peak": {"bf16": )" + figure("\"0 FLOPS\"") + "}");
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].pointer == "/peak/bf16/value");
  CHECK(io::at_least(Bytes(1024)).text == "must be at least 1024 B");
}

TEST_CASE("is a figure refused without source, grade or a sound interval") {
  CHECK(only_message(R"("efficiency": {"value": 0.5, "grade": "measured"})") == "missing key 'source'");
  CHECK(only_message(R"("efficiency": {"value": 0.5, "source": "s"})") == "missing key 'grade'");
  CHECK(only_message(R"("efficiency": {"grade": "measured", "source": "s"})") == "missing key 'value'");
  CHECK(only_message(R"("efficiency": {"value": 0.5, "grade": "good", "source": "s"})") == "unknown name 'good'");
  CHECK(only_message(R"("efficiency": {"value": 0.5, "grade": "measured", "source": ""})") ==
        "'source' must not be empty, found \"\"");
  CHECK(only_message(R"("efficiency": )" + figure("0.5", R"(, "low": 0.4)")) ==
        "'low' and 'high' are only given together");
  CHECK(only_message(R"("efficiency": )" + figure("0.5", R"(, "low": 0.6, "high": 0.7)")) ==
        "the interval must hold the figure: low <= value <= high");
  CHECK(only_message(R"("efficiency": )" + figure("0.5", R"(, "hihg": 0.7)")) == "unknown key 'hihg'");
}

TEST_CASE("does a check across fields report where it says") {
  const auto faults = faults_of<Everything>(R"({"count": 13})");
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].message == "13 is unlucky");
  CHECK(faults[0].pointer == "/count");
}

TEST_CASE("are a hundred faults kept and the rest counted") {
  std::string text = "{\"count\": 1";
  for (int i = 0; i < 150; ++i) text += ", \"unknown" + std::to_string(i) + "\": 1";
  const auto document = io::Document::parse("f", text + "}");
  io::Diagnostics diagnostics;
  CHECK_FALSE(io::read<Everything>(document.root(diagnostics)));
  CHECK(diagnostics.size() == 150);
  try {
    diagnostics.throw_if_any();
    FAIL("nothing thrown");
  } catch (const InputError& error) {
    REQUIRE(error.diagnostics().size() == 101);
    CHECK(error.diagnostics().back().message == "50 more faults are not shown");
  }
}

TEST_CASE("are faults thrown in the order of the text") {
  const auto document = io::Document::parse("f", "{\n\"x\": 1,\n\"y\": 2\n}");
  io::Diagnostics diagnostics;
  const io::Value root = document.root(diagnostics);
  root.find("y")->error("second");
  root.find("x")->error("first");
  try {
    diagnostics.throw_if_any();
    FAIL("nothing thrown");
  } catch (const InputError& error) {
    CHECK(error.diagnostics().at(0).message == "first");
  }
}

TEST_CASE("does the schema say what the reader does") {
  const auto schema = nlohmann::json::parse(io::schema<Everything>());
  CHECK(schema["type"] == "object");
  CHECK(schema["additionalProperties"] == false);
  CHECK(schema["required"] == nlohmann::json({"count"}));
  const auto& properties = schema["properties"];
  CHECK(properties.size() == 14);
  CHECK(properties["count"]["minimum"] == 1);
  CHECK(properties["count"]["description"] == "Number of devices.");
  CHECK(properties["memory"]["type"] == "string");
  CHECK(properties["memory"].contains("pattern"));
  CHECK(properties["name"]["minLength"] == 1);
  CHECK(properties["points"]["minItems"] == 1);
  CHECK(properties["points"]["items"]["required"] == nlohmann::json({"x"}));
  CHECK(properties["color"]["enum"] == nlohmann::json({"red", "green"}));
  CHECK(properties["shares"]["additionalProperties"]["exclusiveMinimum"] == 0);
  CHECK(properties["efficiency"]["properties"]["high"]["maximum"] == 1);
  CHECK(properties["efficiency"]["required"] == nlohmann::json({"value", "grade", "source"}));
  CHECK(properties["peak"]["propertyNames"]["enum"].size() == all_dtypes.size());
  CHECK(properties["corners"]["anyOf"][1]["minItems"] == 1);
  CHECK(properties["place"]["anyOf"].size() == 3);
}
