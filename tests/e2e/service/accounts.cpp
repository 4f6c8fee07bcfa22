#include "tests/e2e/service/accounts.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace reckoner::e2e {
namespace {

namespace bj = boost::json;
using Counts = std::map<std::string, int>;

// What the journal holds, by what the sender named it with.
struct Journal {
  struct Customer {
    std::int64_t tokens = 0, requests = 0;
  };
  Counts keys, markers, webhooks, registered;
  std::map<std::string, Customer> customers;
};

Journal read_journal(const std::string& lines) {
  Journal out;
  support::each_line(lines, [&](std::string_view text) {
    const bj::value value = bj::parse({text.data(), text.size()});
    const bj::object& line = value.as_object();
    const std::string kind = text_of(line, "kind");
    if (kind == "webhook") ++out.webhooks[text_of(line, "id")];
    if (kind == "customer") ++out.registered[text_of(line, "customer_id")];
    if (kind != "usage") return;
    const bool keyed = line.contains("idempotency_key");
    ++(keyed ? out.keys : out.markers)[text_of(line, keyed ? "idempotency_key" : "operation")];
    Journal::Customer& customer = out.customers[text_of(line, "customer_id")];
    customer.tokens += line.at("tokens").as_int64();
    ++customer.requests;
  });
  return out;
}

int count_of(const Counts& counts, const std::string& id) {
  const auto found = counts.find(id);
  return found == counts.end() ? 0 : found->second;
}

void check_count(const std::string& what, Sent sent, int count) {
  INFO(what << " is in the journal " << count << " times");
  if (sent == Sent::acknowledged) REQUIRE(count == 1);
  if (sent == Sent::doubtful) REQUIRE(count <= 1);
  if (sent == Sent::waiting || sent == Sent::refused) REQUIRE(count == 0);
}

void check_journal(const Known& known, const Journal& journal) {
  std::map<std::string, Journal::Customer> expected;
  const auto add = [&](const SentUsage& usage, int count) {
    if (count == 0) return;
    expected[usage.customer].tokens += usage.tokens;
    ++expected[usage.customer].requests;
  };
  for (const auto& [key, usage] : known.by_key) {
    check_count("the key " + key, usage.sent, count_of(journal.keys, key));
    add(usage, count_of(journal.keys, key));
  }
  for (const auto& [marker, usage] : known.by_marker) {
    check_count("the usage " + marker, usage.sent, count_of(journal.markers, marker));
    add(usage, count_of(journal.markers, marker));
  }
  for (const auto& [id, sent] : known.webhooks)
    check_count("the webhook " + id, sent, count_of(journal.webhooks, id));
  for (const auto& [id, sent] : known.customers)
    if (sent == Sent::acknowledged) REQUIRE(count_of(journal.registered, id) > 0);
  CHECK(journal.keys.size() == known.by_key.size());
  CHECK(journal.markers.size() <= known.by_marker.size());
  CHECK(journal.webhooks.size() == known.webhooks.size());
  for (const auto& [id, customer] : expected) {
    const auto found = journal.customers.find(id);
    REQUIRE(found != journal.customers.end());
    CHECK(found->second.tokens == customer.tokens);
    CHECK(found->second.requests == customer.requests);
  }
  CHECK(journal.customers.size() == expected.size());
}

// Tokens and requests of each customer, as the fold has them.
void check_customers(const bj::object& report, const Journal& journal) {
  std::size_t with_usage = 0;
  for (const bj::value& item : report.at("customers").as_array()) {
    const bj::object& customer = item.as_object();
    Journal::Customer sum;
    for (const bj::value& period : customer.at("periods").as_array()) {
      sum.tokens += period.as_object().at("tokens").to_number<std::int64_t>();
      sum.requests += period.as_object().at("requests").to_number<std::int64_t>();
    }
    if (sum.requests == 0) continue;
    ++with_usage;
    const Journal::Customer& expected = journal.customers.at(text_of(customer, "customer_id"));
    CHECK(sum.tokens == expected.tokens);
    CHECK(sum.requests == expected.requests);
  }
  CHECK(with_usage == journal.customers.size());
}

bool goes_to_polar(const bj::object& customer, const bj::object& charge) {
  const std::string status = text_of(charge, "status");
  return status != "held" && status != "written_off" && status != "failed" &&
         text_of(customer, "polar_customer_id") != "null";
}

// By Polar's customer, idempotency key and amount.
std::string named(const std::string& customer, const bj::object& charge, const char* id) {
  return customer + ' ' + text_of(charge, id) + ' ' + text_of(charge, "amount_usd");
}

// `report` is the engine's state, as its hash says.
void check_charges(const bj::object& report, const bj::object& sandbox, Accounts& accounts) {
  std::vector<std::string> decided, taken;
  for (const bj::value& item : report.at("customers").as_array()) {
    const bj::object& customer = item.as_object();
    const std::string polar = text_of(customer, "polar_customer_id");
    for (const bj::value& each : customer.at("charges").as_array()) {
      const bj::object& charge = each.as_object();
      if (!goes_to_polar(customer, charge)) {
        ++accounts.charges_left;
        continue;
      }
      decided.push_back(named(polar, charge, "id"));
      const std::string status = text_of(charge, "status");
      INFO(bj::serialize(charge));
      CHECK((status == "submitted" || status == "paid"));
    }
  }
  for (const bj::value& item : sandbox.at("charges").as_array()) {
    const bj::object& charge = item.as_object();
    taken.push_back(named(text_of(charge, "customer_id"), charge, "idempotency_key"));
    CHECK(text_of(charge, "conflicts") == "0");
  }
  std::sort(decided.begin(), decided.end());
  std::sort(taken.begin(), taken.end());
  CHECK(decided == taken);
  accounts.charges_taken = taken.size();
}

void check_acts(Stand& stand, const Known& known) {
  std::map<std::string, std::string> statuses;
  for (const bj::object& charge : stand.charges())
    statuses[text_of(charge, "id")] = text_of(charge, "status");
  for (const auto& [id, verb] : known.acts) {
    INFO(verb << " of " << id << " was acknowledged; it is " << statuses[id]);
    if (verb == "write-off") CHECK(statuses[id] == "written_off");
    if (verb == "release") CHECK(statuses[id] == "submitted");
  }
}

std::int64_t payments(const Known& known, const bj::object& report) {
  return std::count_if(known.webhooks.begin(), known.webhooks.end(),
                       [](const auto& each) { return each.second == Sent::acknowledged; }) -
         report.at("revenue").as_object().at("transactions").to_number<std::int64_t>();
}

}  // namespace

bj::object replayed(const Stand& stand, const std::string& until) {
  const Ran ran =
      stand.simulator("replay out.jsonl --until " + until + " --report json --out report.json");
  INFO(ran.said);
  REQUIRE(ran.code == 0);
  return bj::parse(stand.read("report.json")).as_object();
}

Accounts compare_with_sandbox_and_replay(Stand& stand) {
  Accounts accounts;
  const bool settled = stand.await_settled();
  INFO(stand.engine().said());
  REQUIRE(settled);
  const Answer answer = stand.get("/api/v1/hashes");
  INFO(answer.status << answer.body << answer.why);
  REQUIRE(answer.ok());
  const bj::object hashes = answer.json();
  REQUIRE(stand.stop() == 0);
  const Ran verified = stand.reckoner("storage verify --url sqlite:store.db");
  INFO(verified.out << verified.said);
  REQUIRE(verified.code == 0);
  const Ran exported = stand.reckoner("export --history out.jsonl --url sqlite:store.db");
  INFO(exported.said);
  REQUIRE(exported.code == 0);
  const bj::object report = replayed(stand, text_of(hashes, "at"));
  REQUIRE(text_of(report, "state_hash") == text_of(hashes, "state_hash"));
  check_charges(report, stand.sandbox.state(), accounts);
  CHECK(text_of(report.at("conservation").as_object(), "holds") == "true");
  return accounts;
}

Accounts settle_accounts(Stand& stand, Traffic& traffic) {
  REQUIRE(traffic.send_again(stand));
  const Known& known = traffic.known();
  for (const std::string& wrong : known.wrong) FAIL_CHECK(wrong);
  REQUIRE(stand.await_settled());
  check_acts(stand, known);
  Accounts accounts = compare_with_sandbox_and_replay(stand);
  const Journal journal = read_journal(stand.read("out.jsonl"));
  check_journal(known, journal);
  const bj::object report = bj::parse(stand.read("report.json")).as_object();
  check_customers(report, journal);
  CHECK(payments(known, report) >= 0);
  accounts.usage = journal.keys.size() + journal.markers.size();
  accounts.webhooks = journal.webhooks.size();
  return accounts;
}

}  // namespace reckoner::e2e
