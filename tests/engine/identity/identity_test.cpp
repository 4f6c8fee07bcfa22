// Who is linked to whom: customer lines and webhooks as entries of the identity stream
// (billing-rules.md, Webhooks).
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::customer_news;
using support::deleted;
using support::of;
using support::subscription;
using Kind = PolarEventKind;
using Sub = SubscriptionStatus;

const std::string kNow = "2026-01-01";

PolarEvent created(std::string_view email = {}, std::string_view names = {}) {
  return customer_news(Kind::customer_created, kNow, email, names);
}
PolarEvent updated(std::string_view email = {}, std::string_view names = {}) {
  return customer_news(Kind::customer_updated, kNow, email, names);
}

class Stream {
 public:
  MemoryIdentityTables tables;
  Settings settings;

  IdentityEffects line(std::string_view id, std::string_view polar = {},
                       std::optional<std::string> email = std::nullopt) {
    CustomerLine line;
    line.customer_id = id;
    line.polar_customer_id = polar;
    line.profile.email = std::move(email);
    return apply(tables, {support::at(kNow), line}, settings);
  }
  IdentityEffects webhook(const PolarEvent& event) {
    return apply(tables, {support::at(kNow), Webhook{"w", "{}", event}}, settings);
  }

  // Whom a customer is linked to; empty: to nobody.
  std::string link_of(std::string_view id) {
    const auto customer = tables.customer(id);
    return customer ? customer->polar_customer_id : std::string();
  }
  std::string email_of(std::string_view id) {
    const auto customer = tables.customer(id);
    return customer ? customer->email : std::string();
  }
  std::size_t parked() const {
    std::size_t count = 0;
    for (const auto* waiting : tables.parked()) count += waiting->events.size();
    return count;
  }
};

// What a notice does, in short: "link P, event subscription, email a@x.io, unlink".
std::string acts_of(const IdentityEffects& effects) {
  static const char* const kKinds[kPolarEventKinds] = {
      "created", "updated", "state_changed", "deleted", "subscription",
      "payment", "failed",  "refunded",      "refund",  "other"};
  std::string out;
  for (const Act& act : effects.notice.acts) {
    if (!out.empty()) out += ", ";
    if (const auto* link = std::get_if<Link>(&act)) out += "link " + link->polar_customer_id;
    if (std::holds_alternative<Unlink>(act)) out += "unlink";
    if (const auto* profile = std::get_if<Profile>(&act))
      out += "email " + profile->email.value_or("-");
    if (const auto* event = std::get_if<PolarEvent>(&act))
      out += std::string("event ") + kKinds[static_cast<int>(event->kind)];
  }
  return out;
}

}  // namespace

TEST_CASE("identity: a line links its customer to the Polar customer that it names",
          "[engine][identity]") {
  Stream stream;
  const IdentityEffects effects = stream.line("c", "P", "a@x.io");
  CHECK(effects.customer_id == "c");
  CHECK(acts_of(effects) == "link P, email a@x.io");
  CHECK(stream.link_of("c") == "P");
  CHECK(stream.email_of("c") == "a@x.io");
  CHECK(stream.tables.polar_customer("P")->linked());
  // Named again, or not named, it only tells.
  for (const std::string_view again : {"P", ""}) {
    const IdentityEffects told = stream.line("c", again);
    CHECK(acts_of(told) == "email -");
    CHECK_FALSE(told.refused);
  }
}

TEST_CASE("identity: a line without a link tells its customer", "[engine][identity]") {
  Stream stream;
  CHECK(acts_of(stream.line("c", "", "a@x.io")) == "email a@x.io");
  CHECK(acts_of(stream.line("c")) == "email -");
  CHECK(stream.email_of("c") == "a@x.io");
  CHECK(stream.link_of("c").empty());
}

TEST_CASE("identity: a customer has one Polar customer at a time; a second claim is refused",
          "[engine][identity]") {
  Stream stream;
  stream.line("c", "P");
  stream.line("d", "Q");
  SECTION("by the line of a linked customer") {
    const IdentityEffects effects = stream.line("c", "R", "new@x.io");
    CHECK(effects.refused);
    CHECK(acts_of(effects) == "email new@x.io");
  }
  SECTION("by the line of an unlinked customer, for a Polar customer that has one") {
    CHECK(stream.line("e", "P").refused);
    CHECK(stream.link_of("e").empty());
  }
  SECTION("by a webhook that names the customer") {
    const IdentityEffects effects = stream.webhook(of("R", updated("r@x.io", "c")));
    CHECK(effects.refused);
    CHECK(effects.parked);
    CHECK(effects.customer_id.empty());
    CHECK(stream.tables.remembered_with_email("r@x.io").empty());
    // A created one is not parked.
    const IdentityEffects once = stream.webhook(of("S", created("s@x.io", "c")));
    CHECK(once.refused);
    CHECK_FALSE(once.parked);
  }
  CHECK(stream.link_of("c") == "P");
  CHECK(stream.link_of("d") == "Q");
}

TEST_CASE("identity: a webhook links by the customer that it names, and registers one that is new",
          "[engine][identity]") {
  for (const Kind kind :
       {Kind::customer_created, Kind::customer_updated, Kind::customer_state_changed}) {
    Stream stream;
    stream.line("by e-mail", "", "a@x.io");
    const IdentityEffects effects = stream.webhook(customer_news(kind, kNow, "a@x.io", "new"));
    CHECK(effects.customer_id == "new");
    CHECK(std::holds_alternative<Link>(effects.notice.acts[0]));
    CHECK(std::get<PolarEvent>(effects.notice.acts[1]).webhook_id == "w");
    CHECK(stream.link_of("new") == "P");
    CHECK(stream.email_of("new") == "a@x.io");
  }
}

TEST_CASE(
    "identity: with no name a webhook links by e-mail, ignoring case, the smallest unlinked "
    "customer",
    "[engine][identity]") {
  Stream stream;
  stream.line("b", "", "Ann@X.io");
  stream.line("a", "Q", "ann@x.io");
  stream.line("c", "", "ANN@x.io");
  const IdentityEffects effects = stream.webhook(created("aNN@x.IO"));
  CHECK(effects.customer_id == "b");
  CHECK(acts_of(effects) == "link P, event created, email aNN@x.IO");
  CHECK(stream.webhook(of("R", created("ann@x.io"))).customer_id == "c");
  CHECK(stream.webhook(of("S", created("ann@x.io"))).customer_id.empty());
}

TEST_CASE("identity: who fits nobody is remembered under its e-mail until a line brings it",
          "[engine][identity]") {
  Stream stream;
  const IdentityEffects effects = stream.webhook(of("P2", created("A@x.io")));
  CHECK(effects.customer_id.empty());
  CHECK_FALSE(effects.parked);
  stream.webhook(of("P1", updated("a@x.io")));
  stream.webhook(of("P1", updated()));  // one without an e-mail leaves the one it had
  CHECK(stream.tables.remembered_with_email("a@x.io") == "P1");
  CHECK_FALSE(stream.tables.polar_customer("P1")->linked());
  // The smallest Polar id; what was parked applies, and then the line.
  CHECK(acts_of(stream.line("c", "", "a@X.io")) ==
        "link P1, event updated, email a@x.io, event updated, email a@X.io");
  CHECK(stream.link_of("d").empty());
  CHECK(acts_of(stream.line("d", "", "a@x.io")) == "link P2, email a@x.io");
  CHECK(stream.tables.remembered_with_email("a@x.io").empty());
}

TEST_CASE("identity: a Polar customer is remembered under the e-mail that it had last",
          "[engine][identity]") {
  Stream stream;
  stream.webhook(updated("old@x.io"));
  stream.webhook(updated("new@x.io"));
  CHECK(stream.tables.remembered_with_email("old@x.io").empty());
  CHECK(stream.tables.remembered_with_email("new@x.io") == "P");
}

TEST_CASE("identity: an explicit id goes before one remembered", "[engine][identity]") {
  Stream stream;
  stream.webhook(of("P1", created("a@x.io")));
  CHECK(acts_of(stream.line("c", "P2", "a@x.io")) == "link P2, email a@x.io");
  CHECK(stream.tables.remembered_with_email("a@x.io") == "P1");
}

TEST_CASE("identity: linking by e-mail can be turned off, for webhooks and for lines",
          "[engine][identity]") {
  Stream stream;
  stream.settings = support::settings({{"polar.link_by_email", "false"}});
  stream.line("c", "", "a@x.io");
  CHECK(stream.webhook(created("a@x.io")).customer_id.empty());
  stream.line("d", "", "a@x.io");
  CHECK(stream.link_of("c").empty());
  CHECK(stream.link_of("d").empty());
  // By name it still links.
  CHECK(stream.webhook(updated("a@x.io", "c")).customer_id == "c");
}

TEST_CASE("identity: events of a Polar customer that nobody is linked to are parked, by type",
          "[engine][identity]") {
  for (int i = 0; i < kPolarEventKinds; ++i) {
    const auto kind = static_cast<Kind>(i);
    INFO("kind " << i);
    Stream stream;
    const IdentityEffects effects = stream.webhook(support::event(kind, kNow));
    const bool parks = kind != Kind::other && kind != Kind::customer_created;
    CHECK(effects.parked == parks);
    CHECK(stream.parked() == (parks ? 1 : 0));
    CHECK(effects.customer_id.empty());
    // One that names nobody changes nothing.
    CHECK_FALSE(stream.webhook(of("", support::event(kind, kNow))).parked);
    CHECK(stream.parked() == (parks ? 1 : 0));
  }
}

TEST_CASE(
    "identity: on linking, parked events apply in order of arrival, then the event that "
    "linked",
    "[engine][identity]") {
  Stream stream;
  stream.webhook(subscription("2026-01-05", "s", Sub::active));
  stream.webhook(of("Q", subscription("2026-01-05", "t", Sub::active)));
  stream.webhook(support::payment("2026-01-03", "i"));
  const IdentityEffects effects = stream.webhook(updated("a@x.io", "c"));
  CHECK(acts_of(effects) ==
        "link P, event subscription, event payment, event updated, email a@x.io");
  CHECK(stream.parked() == 1);
  CHECK(stream.webhook(subscription("2026-01-06", "s", Sub::active)).customer_id == "c");
}

TEST_CASE("identity: an event of a linked Polar customer goes to its customer, whoever it names",
          "[engine][identity]") {
  Stream stream;
  stream.line("c", "P", "a@x.io");
  CHECK(acts_of(stream.webhook(updated("b@x.io", "d"))) == "event updated, email b@x.io");
  CHECK(stream.email_of("c") == "b@x.io");
  CHECK_FALSE(stream.tables.customer("d"));
  CHECK(acts_of(stream.webhook(updated())) == "event updated");
  CHECK(stream.email_of("c") == "b@x.io");
}

TEST_CASE(
    "identity: a deleted Polar customer unlinks its customer, which can be linked again, but "
    "not to it",
    "[engine][identity]") {
  Stream stream;
  stream.line("c", "P", "a@x.io");
  CHECK(acts_of(stream.webhook(deleted(kNow))) == "event deleted, unlink");
  CHECK(stream.link_of("c").empty());
  CHECK_FALSE(stream.tables.polar_customer("P")->linked());
  // What still comes for it applies to the same customer, but neither links nor changes its e-mail.
  CHECK(acts_of(stream.webhook(support::payment(kNow, "i"))) == "event payment");
  CHECK(acts_of(stream.webhook(updated("b@x.io", "c"))) == "event updated");
  CHECK(acts_of(stream.webhook(deleted(kNow))) == "event deleted");
  CHECK(stream.email_of("c") == "a@x.io");
  CHECK(stream.link_of("c").empty());
  CHECK(stream.line("c", "P").refused);
  CHECK(stream.line("d", "P").refused);
  CHECK(stream.link_of("c").empty());
  // By its e-mail, to another one.
  CHECK(stream.webhook(of("Q", created("a@x.io"))).customer_id == "c");
  CHECK(stream.link_of("c") == "Q");
  CHECK(stream.webhook(support::payment(kNow, "i")).customer_id == "c");
}

TEST_CASE("identity: one that was deleted while parked is linked and unlinked at once",
          "[engine][identity]") {
  Stream stream;
  stream.webhook(deleted(kNow));
  stream.webhook(updated("late@x.io"));
  const IdentityEffects effects = stream.line("c", "P", "a@x.io");
  CHECK(acts_of(effects) == "link P, event deleted, unlink, event updated, email a@x.io");
  CHECK(stream.link_of("c").empty());
  CHECK(stream.email_of("c") == "a@x.io");
  CHECK(stream.line("c", "P").refused);
}

TEST_CASE("identity: a refused Polar customer links when it names its customer again",
          "[engine][identity]") {
  Stream stream;
  stream.line("c", "P");
  CHECK(stream.webhook(of("Q", updated("", "c"))).refused);
  stream.webhook(deleted(kNow));
  const IdentityEffects effects = stream.webhook(of("Q", updated("", "c")));
  CHECK_FALSE(effects.refused);
  CHECK(acts_of(effects) == "link Q, event updated, event updated");
}

}  // namespace reckoner
