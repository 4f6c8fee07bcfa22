#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "actors/files/line_output.hpp"
#include "engine/json/history.hpp"
#include "sim/importing/csv_import.hpp"
#include "sim/importing/usage_rows.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::sim {
namespace {

using support::TemporaryFolder;

constexpr char kMap[] = "customer=who,tokens=in+out,timestamp=when";

ImportOptions options_for(const TemporaryFolder& folder, std::vector<std::string> csv,
                          const char* map = kMap) {
  ImportOptions options;
  options.csv = std::move(csv);
  options.map = parse_column_map(map).value();
  options.out = folder.file("out.jsonl");
  return options;
}

Result<ImportSummary> import(const ImportOptions& options) {
  return import_csv(options, [](std::uint64_t, std::uint64_t) {});
}

std::string imported(const ImportOptions& options) {
  const Result<ImportSummary> done = import(options);
  INFO((done.ok() ? "" : done.error().detail));
  REQUIRE(done);
  const std::string history = support::read_file(options.out);
  json::HistoryReader reader;
  support::each_line(history, [&](std::string_view line) {
    if (const Status read = reader.read(line); !read) FAIL(read.error().detail);
  });
  CHECK(reader.line_number() == done->lines);
  return history;
}

// A usage line as the import writes it; the customer as JSON has it.
std::string usage(const std::string& at, const std::string& customer, int tokens,
                  const std::string& operation, const std::string& key) {
  return R"({"at":")" + at + R"(","kind":"usage","customer_id":")" + customer + R"(","tokens":)" +
         std::to_string(tokens) + R"(,"operation":")" + operation + R"(","idempotency_key":")" +
         key + "\"}\n";
}

std::string customer(const std::string& at, const std::string& id, int billing_day) {
  return R"({"at":")" + at + R"(","kind":"customer","customer_id":")" + id + R"(","email":")" + id +
         R"(@example.com","billing_day":)" + std::to_string(billing_day) + "}\n";
}

std::string webhook(const std::string& at, const std::string& id, const std::string& type,
                    const std::string& data) {
  return R"({"at":")" + at + R"(","kind":"webhook","id":")" + id + R"(","body":{"id":")" + id +
         R"(","type":")" + type + R"(","data":)" + data + "}}\n";
}

// The error of importing one file with these rows behind the header.
std::string error_of(const std::string& rows, const char* map = kMap) {
  const TemporaryFolder folder;
  const std::string csv = folder.write("usage.csv", "when,who,in,out,op,key\n" + rows);
  const Result<ImportSummary> done = import(options_for(folder, {csv}, map));
  if (done) return "";
  CHECK(folder.names() == std::vector<std::string>{"usage.csv"});
  CHECK(done.error().detail.find('\n') == std::string::npos);
  const std::string detail = done.error().detail;
  const std::size_t name = detail.find("usage.csv");
  return name == std::string::npos ? detail : detail.substr(name);
}

}  // namespace

TEST_CASE("import: a row becomes usage at its own time, in order of time", "[sim][import]") {
  const TemporaryFolder folder;
  const std::string csv = folder.write("calls.csv",
                                       "when,who,in,out\n"
                                       "2026-01-05 10:00:00.25,b,1,2\n"
                                       "2026-01-05T11:30:00+02:00,a,0,0\n"
                                       "1767607200,c,5,6\n"
                                       "2026-01-05 10:00:00.250,d,7,8\n");
  CHECK(imported(options_for(folder, {csv})) ==
        usage("2026-01-05T09:30:00Z", "a", 0, "calls", "calls-2") +
            usage("2026-01-05T10:00:00Z", "c", 11, "calls", "calls-3") +
            usage("2026-01-05T10:00:00.250000Z", "b", 3, "calls", "calls-1") +
            usage("2026-01-05T10:00:00.250000Z", "d", 15, "calls", "calls-4"));
}

TEST_CASE("import: columns for operation and key, names that need escapes", "[sim][import]") {
  const TemporaryFolder folder;
  const std::string csv = folder.write("x.csv",
                                       "\xEF\xBB\xBFkey,op,when,who,in\r\n"
                                       "k1,llm.chat,1767607200123,\"a \"\"b\"\" \\ c\",9\r\n"
                                       "\r\n"
                                       " k2 ,llm.code, 2026-01-05 10:00:01 ,Zoë,10\r\n");
  const char* map = "customer=who,tokens=in,timestamp=when,operation=op,idempotency_key=key";
  CHECK(imported(options_for(folder, {csv}, map)) ==
        usage("2026-01-05T10:00:00.123000Z", R"(a \"b\" \\ c)", 9, "llm.chat", "k1") +
            usage("2026-01-05T10:00:01Z", "Zoë", 10, "llm.code", "k2"));
}

TEST_CASE("import: files are merged, packed ones too", "[sim][import]") {
  const TemporaryFolder folder;
  const std::string one = folder.write("one.csv", "when,who,in,out\n1767607202,a,1,1\n");
  const std::string two = folder.file("two.csv.gz");
  Result<files::LineOutput> packed = files::LineOutput::open(two);
  REQUIRE(packed);
  packed->write("in,out,who,when\n2,2,a,1767607201\n3,3,a,1767607202");
  REQUIRE(packed->close());
  const std::string history = imported(options_for(folder, {one, two}));
  std::vector<std::string> keys;
  const std::regex key(R"re("idempotency_key":"([^"]+)")re");
  for (std::sregex_iterator i(history.begin(), history.end(), key), end; i != end; ++i)
    keys.push_back((*i)[1]);
  CHECK(keys == std::vector<std::string>{"two-1", "one-1", "two-2"});
}

TEST_CASE("import: rows without a customer are spread over customers made for them",
          "[sim][import]") {
  const TemporaryFolder folder;
  const std::string csv = folder.write("t.csv",
                                       "when,in\n"
                                       "2026-02-01 00:00:00.5,1\n"
                                       "2026-02-01 00:00:01,2\n"
                                       "2026-02-03 00:00:00,3\n");
  ImportOptions options = options_for(folder, {csv}, "tokens=in,timestamp=when");
  options.assign = 2;
  CHECK(imported(options) ==
        customer("2026-02-01T00:00:00Z", "org-000", 1) +
            customer("2026-02-01T00:00:00Z", "org-001", 2) +
            usage("2026-02-01T00:00:00.500000Z", "org-000", 1, "t", "t-1") +
            webhook("2026-02-01T00:00:01Z", "evt_c0", "customer.created",
                    R"({"id":"cus_0","email":"org-000@example.com"})") +
            webhook("2026-02-01T00:00:01Z", "evt_c1", "customer.created",
                    R"({"id":"cus_1","email":"org-001@example.com"})") +
            webhook("2026-02-01T00:00:01Z", "evt_s1", "subscription.created",
                    R"({"id":"sub_1","customer_id":"cus_1","product_id":"cortex_starter"})") +
            usage("2026-02-01T00:00:01Z", "org-001", 2, "t", "t-2") +
            usage("2026-02-03T00:00:00Z", "org-000", 3, "t", "t-3"));
  options.assign = 1001;
  CHECK_THAT(imported(options), Catch::Contains("\"org-0000\"") && Catch::Contains("\"org-1000\""));
}

TEST_CASE("import: real requests make the history of golden case 10", "[sim][import]") {
  const auto data = support::shared_folder() / "data";
  const std::string conv = (data / "azure-llm-2023-conv.csv").string();
  const std::string code = (data / "azure-llm-2023-code.csv").string();
  const auto golden = support::shared_folder() / "golden" / "10-real-requests.history.jsonl";
  if (!std::filesystem::exists(conv) || !std::filesystem::exists(golden)) {
    WARN("skipped: " << conv << " or " << golden << " is not there");
    return;
  }
  const TemporaryFolder folder;
  ImportOptions options =
      options_for(folder, {conv, code}, "tokens=ContextTokens+GeneratedTokens,timestamp=TIMESTAMP");
  options.assign = 137;
  // Apart from the names of operations and keys, and billing days, which are ours to choose.
  const auto without_names = [](const std::string& text) {
    static const std::regex kNames(
        R"re(,"operation":"[^"]*","idempotency_key":"[^"]*"|,"billing_day":\d+)re");
    return std::regex_replace(text, kNames, "");
  };
  CHECK((without_names(imported(options)) == without_names(support::read_file(golden))));
}

TEST_CASE("import: times are read in the forms that exports have", "[sim][import]") {
  const Instant noon{1'767'607'200 * kSecond};
  for (const char* text : {"2026-01-05T10:00:00Z", "2026-01-05 10:00:00", "2026-01-05T10:00:00",
                           "2026-01-05T12:00:00+02:00", "1767607200", "1767607200000"})
    CHECK(parse_csv_time(text) == noon);
  CHECK(parse_csv_time("2023-11-16 18:17:03.9799600") ==
        Instant{1'700'158'623 * kSecond + 979'960});
  for (const char* text : {"", "yesterday", "2026-01-05", "2026-13-05 10:00:00", "17676072000",
                           "-767607200", "1767607200.5", "2026-01-05 10:00", "05/01/2026 10:00:00",
                           "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"})
    CHECK_FALSE(parse_csv_time(text));
}

TEST_CASE("import: a bad row is an error that says where and what", "[sim][import]") {
  CHECK(error_of("1767607200,a,1,2,o,k\n") == "");
  CHECK(error_of("1767607200,a,1,2,o,k\n1767607200,a,x,2,o,k\n") ==
        "usage.csv:3: column in: got 'x'; it takes a whole number from 0 to 1000000000000 (so "
        "does the sum)");
  for (const char* tokens : {"-1", "1.5", "", "1e3", "+1", "99999999999999999999"})
    CHECK_THAT(error_of("1767607200,a,1," + std::string(tokens) + ",o,k\n"),
               Catch::StartsWith("usage.csv:2: column out: got '" + std::string(tokens) + "';"));
  CHECK_THAT(error_of("1767607200,a,600000000000,600000000000,o,k\n"),
             Catch::StartsWith("usage.csv:2: column out:"));
  CHECK_THAT(error_of("noon,a,1,2,o,k\n"),
             Catch::StartsWith("usage.csv:2: column when: got 'noon'"));
  CHECK_THAT(error_of("1767607200,,1,2,o,k\n"),
             Catch::StartsWith("usage.csv:2: column who: got ''"));
  CHECK_THAT(error_of("1767607200,\"a\nb\",1,2,o,k\n"),
             Catch::StartsWith("usage.csv:2: column who: got 'a?b'"));
  CHECK(error_of("1767607200,a,1\n") == "usage.csv:2: got 3 columns; the header has 6");
  const char* all = "customer=who,tokens=in,timestamp=when,operation=op,idempotency_key=key";
  CHECK_THAT(error_of("1767607200,a,1,2," + std::string(65, 'o') + ",k\n", all),
             Catch::StartsWith("usage.csv:2: column op:"));
  CHECK_THAT(error_of("1767607200,a,1,2,o,\n", all), Catch::StartsWith("usage.csv:2: column key:"));
}

TEST_CASE("import: the line of an error is the line where its row begins", "[sim][import]") {
  const std::string good = "1767607200,a,1,2,\"o\n\np\",k\n";
  CHECK_THAT(error_of(good + "\n  \n" + good + "x,a,1,2,o,k\n"),
             Catch::StartsWith("usage.csv:10: column when: got 'x'"));
  CHECK(error_of(good + "1767607200,a\"b,1,2,o,k\n") ==
        "usage.csv:5: a quote stands where CSV takes none");
  CHECK(error_of(good + "1767607200,\"a,1,2,o,k\n1767607200,a,1,2,o,k\n") ==
        "usage.csv:5: a quoted field that begins here has no end");
}

TEST_CASE("import: columns that are missing are named, with those that are there",
          "[sim][import]") {
  CHECK(error_of("", "customer=user,tokens=in,timestamp=when") ==
        "usage.csv has no such column; it has when, who, in, out, op, key");
  const TemporaryFolder folder;
  const std::string twice = folder.write("twice.csv", "when,who,in,in\n");
  const auto done = import(options_for(folder, {twice}, "customer=who,tokens=in,timestamp=when"));
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "invalid_field");
  CHECK_THAT(done.error().detail, Catch::StartsWith("--map: tokens=in:"));
  const auto empty = import(options_for(folder, {folder.write("empty.csv", "")}));
  REQUIRE_FALSE(empty);
  CHECK_THAT(empty.error().detail, Catch::Contains("is empty"));
}

TEST_CASE("import: options that do not fit each other are errors", "[sim][import]") {
  const TemporaryFolder folder;
  const std::string csv = folder.write("a.csv", "when,who,in,out\n1767607200,a,1,2\n");
  const auto code_of = [](const ImportOptions& options) {
    const auto done = import(options);
    return done ? std::string() : done.error().code;
  };
  ImportOptions options = options_for(folder, {csv});
  CHECK(code_of(options).empty());
  options.assign = 3;
  CHECK(code_of(options) == "invalid_field");
  CHECK(code_of(options_for(folder, {csv}, "tokens=in,timestamp=when")) == "invalid_field");
  CHECK(code_of(options_for(folder, {})) == "invalid_field");
  CHECK(code_of(options_for(folder, {csv, csv})) == "invalid_field");  // the same keys twice
  CHECK(code_of(options_for(folder, {folder.file("none.csv")})) == "io_error");
  options = options_for(folder, {csv});
  options.out = csv;
  CHECK(code_of(options) == "invalid_field");
  CHECK_THAT(support::read_file(csv), Catch::StartsWith("when,"));
  options.out = folder.file("no/folder");
  CHECK(code_of(options) == "io_error");
}

TEST_CASE("import: the column map is read, and what is wrong with it said", "[sim][import]") {
  const auto map = parse_column_map("timestamp=t,tokens=a+b+c,customer=c d");
  REQUIRE(map);
  CHECK(map->tokens == std::vector<std::string>{"a", "b", "c"});
  CHECK(map->timestamp == "t");
  CHECK(map->customer == "c d");
  CHECK(map->operation.empty());
  for (const char* wrong :
       {"", "tokens=a", "timestamp=t", "tokens=,timestamp=t", "tokens=a+,timestamp=t",
        "tokens=a,timestamp=t,", "tokens=a,timestamp=t,colour=c", "tokens=a,tokens=b,timestamp=t",
        "tokens=a,timestamp=t,timestamp=u", "tokens,timestamp=t"}) {
    const auto read = parse_column_map(wrong);
    INFO(wrong);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == "invalid_field");
    CHECK_THAT(read.error().detail, Catch::StartsWith("--map: "));
  }
}

}  // namespace reckoner::sim
