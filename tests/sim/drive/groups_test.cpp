#include "sim/drive/groups.hpp"

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "engine/json/walker.hpp"
#include "sim/drive/json_edit.hpp"
#include "sim/drive/moved_history.hpp"
#include "sim/replay/replayer.hpp"
#include "tests/properties/random_history.hpp"

namespace reckoner::sim {
namespace {

const Instant kNow = *parse_instant("2026-07-20T12:00:00Z");

void gather(Groups& groups, const std::vector<std::string>& lines) {
  json::HistoryReader reader;
  for (const std::string& line : lines) {
    if (const Status read = reader.read(line); !read) FAIL(read.error().detail);
    groups.add(reader.line());
  }
}

std::string at(const std::string& rest) {
  return R"({"at":"2026-01-05T10:00:00Z",)" + rest;
}
std::string customer(const std::string& id, const std::string& more = "") {
  return at(R"("kind":"customer","customer_id":")" + id + "\"" + more + "}");
}
std::string usage(const std::string& id) {
  return at(R"("kind":"usage","customer_id":")" + id + R"(","tokens":1,"operation":"o"})");
}
std::string webhook(const std::string& type, const std::string& data, const std::string& id = "") {
  return at(R"("kind":"webhook",)" + (id.empty() ? "" : R"("id":")" + id + "\",") +
            R"("body":{"type":")" + type + R"(","data":{)" + data + "}}}");
}

Instant time_of(const std::string& line) {
  return *parse_instant(*json_string(json::raw_member(line, "at")));
}

// Replays the lines in this order, all of them accepted at one instant.
std::string hashes_of(const MovedHistory& history, const std::vector<std::uint32_t>& order) {
  Replayer replayer({});
  json::JsonLine text;
  for (const std::uint32_t number : order) {
    text.clear();
    write_history_line(text, history.lines()[number], kNow);
    const Result<bool> taken = replayer.line(text.view());
    if (!taken) RC_FAIL(taken.error().detail);
  }
  const Report report = replayer.report();
  return report.state_hash + ' ' + report.money_hash + ' ' +
         std::to_string(report.history.accepted);
}

}  // namespace

TEST_CASE("groups: what names the same belongs together, also by way of others", "[drive]") {
  Groups groups;
  gather(groups, {usage("a"), usage("b"), customer("c", R"(,"email":"X@y.z")"),
                  webhook("customer.created", R"("id":"p","external_id":"a")"),
                  webhook("subscription.created", R"("id":"s","customer_id":"p")"),
                  webhook("customer.updated", R"("id":"q","email":"x@Y.Z")"),
                  webhook("product.created", R"("id":"a")")});
  CHECK(groups.group(0) == groups.group(3));
  CHECK(groups.group(3) == groups.group(4));
  CHECK(groups.group(2) == groups.group(5));
  const std::set<Groups::Number> apart = {groups.group(0), groups.group(1), groups.group(2),
                                          groups.group(6)};
  CHECK(apart.size() == 4);
}

TEST_CASE("groups: webhooks with one id belong together, whomever they are about", "[drive]") {
  Groups groups;
  gather(groups, {webhook("customer.updated", R"("id":"p")", "w"),
                  webhook("customer.updated", R"("id":"q")", "w"),
                  webhook("customer.updated", R"("id":"r")", "v")});
  CHECK(groups.group(0) == groups.group(1));
  CHECK(groups.group(0) != groups.group(2));
}

TEST_CASE("groups: they are dealt out so that connections have as much to do", "[drive]") {
  std::vector<std::string> lines;
  for (int i = 0; i < 900; ++i) lines.push_back(usage("large" + std::to_string(i % 3)));
  for (int i = 0; i < 300; ++i) lines.push_back(usage("small" + std::to_string(i)));
  Groups groups;
  gather(groups, lines);
  const std::vector<std::uint32_t> dealt = deal_out(groups, 4);
  std::vector<int> counts(4);
  for (const std::uint32_t connection : dealt) ++counts.at(connection);
  CHECK(counts == std::vector<int>(4, 300));
}

TEST_CASE("groups: lines of different groups can go in any order", "[drive]") {
  rc::prop("connections one after the other come to what the history comes to", [] {
    const auto one = *properties::steps(), other = *properties::steps();
    std::vector<std::string> lines = properties::to_lines(one, "a-");
    for (std::string& line : properties::to_lines(other, "b-")) lines.push_back(line);
    std::erase_if(
        lines, [](const std::string& line) { return line.find(R"("kind":"book")") != line.npos; });
    std::stable_sort(lines.begin(), lines.end(),
                     [](const auto& a, const auto& b) { return time_of(a) < time_of(b); });
    MovedHistory history;
    for (const std::string& line : lines) history.add(line);
    const Status moved = history.move({kNow, WebhookScheme::standard, 36'500 * kDay});
    if (!moved) RC_FAIL(moved.error().detail);

    std::vector<std::uint32_t> in_order(history.lines().size()), dealt;
    std::iota(in_order.begin(), in_order.end(), 0u);
    for (const auto& lane : history.deal(3)) dealt.insert(dealt.end(), lane.begin(), lane.end());
    RC_CLASSIFY(dealt != in_order);
    RC_ASSERT(dealt.size() == in_order.size());
    RC_ASSERT(hashes_of(history, dealt) == hashes_of(history, in_order));
  });
}

}  // namespace reckoner::sim
