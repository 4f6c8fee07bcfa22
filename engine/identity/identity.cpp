#include "engine/identity/identity.hpp"

namespace reckoner {
namespace {

bool is_customer_news(PolarEventKind kind) {
  return kind == PolarEventKind::customer_created || kind == PolarEventKind::customer_updated ||
         kind == PolarEventKind::customer_state_changed;
}

// One customer and one Polar customer, while an entry brings them together.
class Meeting {
 public:
  Meeting(IdentityTables& tables, KnownCustomer customer, PolarCustomer polar,
          IdentityEffects& effects)
      : tables_(tables),
        customer_(std::move(customer)),
        polar_(std::move(polar)),
        effects_(effects) {
    effects_.customer_id = customer_.id;
  }

  // Links them, and lets what was parked apply.
  void link() {
    polar_.customer_id = customer_.id;
    polar_.email.clear();
    customer_.polar_customer_id = polar_.id;
    effects_.notice.acts.push_back(Link{polar_.id});
    for (const PolarEvent& event : tables_.take_parked(polar_.id)) hear(event);
  }

  // An event of a Polar customer that is, or was, linked to this customer.
  void hear(const PolarEvent& event) {
    effects_.notice.acts.push_back(event);
    if (polar_.deleted) return;
    if (is_customer_news(event.kind) && !event.email.empty()) {
      Profile profile;
      profile.email = event.email;
      tell(profile);
    } else if (event.kind == PolarEventKind::customer_deleted) {
      polar_.deleted = true;
      customer_.polar_customer_id.clear();
      effects_.notice.acts.push_back(Unlink{});
    }
  }

  void tell(const Profile& profile) {
    if (profile.email) customer_.email = *profile.email;
    effects_.notice.acts.push_back(profile);
  }

  void keep() {
    tables_.put(customer_);
    tables_.put(polar_);
  }

 private:
  IdentityTables& tables_;
  KnownCustomer customer_;
  PolarCustomer polar_;
  IdentityEffects& effects_;
};

KnownCustomer customer_or_new(IdentityTables& tables, std::string_view id) {
  if (auto known = tables.customer(id)) return *known;
  return {std::string(id), {}, {}};
}

PolarCustomer polar_or_new(IdentityTables& tables, std::string_view id) {
  if (auto known = tables.polar_customer(id)) return *known;
  PolarCustomer polar;
  polar.id = id;
  return polar;
}

// The Polar customer that a line links its customer to, if it does.
std::string link_of_line(IdentityTables& tables, const CustomerLine& line,
                         const KnownCustomer& customer, const Settings& settings,
                         IdentityEffects& effects) {
  const std::string& named = line.polar_customer_id;
  if (!customer.polar_customer_id.empty()) {
    effects.refused = !named.empty() && named != customer.polar_customer_id;
    return {};
  }
  if (!named.empty()) {
    const PolarCustomer polar = polar_or_new(tables, named);
    effects.refused = !polar.customer_id.empty();
    return effects.refused ? std::string() : named;
  }
  if (!line.profile.email || !settings.link_by_email) return {};
  return tables.remembered_with_email(*line.profile.email);
}

// Where the webhook's Polar customer is not linked to anybody: the customer it links, if it does.
// Otherwise it is remembered, or refused.
std::string link_of_news(IdentityTables& tables, const PolarEvent& event, PolarCustomer& polar,
                         const Settings& settings, IdentityEffects& effects) {
  if (!event.names_customer.empty()) {
    const KnownCustomer named = customer_or_new(tables, event.names_customer);
    effects.refused = !named.polar_customer_id.empty();
    return effects.refused ? std::string() : named.id;
  }
  if (event.email.empty()) return {};
  if (settings.link_by_email) {
    std::string found = tables.unlinked_with_email(event.email);
    if (!found.empty()) return found;
  }
  polar.email = event.email;
  tables.put(polar);
  return {};
}

}  // namespace

bool claims_anothers(IdentityTables& tables, const CustomerLine& line) {
  const std::string& named = line.polar_customer_id;
  if (named.empty()) return false;
  const KnownCustomer customer = customer_or_new(tables, line.customer_id);
  if (!customer.polar_customer_id.empty()) return named != customer.polar_customer_id;
  return !polar_or_new(tables, named).customer_id.empty();
}

IdentityEffects apply(IdentityTables& tables, const CustomerLine& line, const Settings& settings) {
  IdentityEffects effects;
  KnownCustomer customer = customer_or_new(tables, line.customer_id);
  const std::string link = link_of_line(tables, line, customer, settings, effects);
  if (link.empty()) {
    effects.customer_id = customer.id;
    if (line.profile.email) customer.email = *line.profile.email;
    effects.notice.acts.push_back(line.profile);
    tables.put(customer);
    return effects;
  }
  Meeting meeting(tables, std::move(customer), polar_or_new(tables, link), effects);
  meeting.link();
  meeting.tell(line.profile);
  meeting.keep();
  return effects;
}

IdentityEffects apply(IdentityTables& tables, const Webhook& webhook, const Settings& settings) {
  IdentityEffects effects;
  if (webhook.event.polar_customer_id.empty() || webhook.event.kind == PolarEventKind::other)
    return effects;
  PolarEvent event = webhook.event;
  event.webhook_id = webhook.id;
  PolarCustomer polar = polar_or_new(tables, event.polar_customer_id);
  if (!polar.customer_id.empty()) {
    Meeting meeting(tables, customer_or_new(tables, polar.customer_id), polar, effects);
    meeting.hear(event);
    meeting.keep();
    return effects;
  }
  std::string link;
  if (is_customer_news(event.kind)) link = link_of_news(tables, event, polar, settings, effects);
  if (link.empty()) {
    effects.parked = event.kind != PolarEventKind::customer_created;
    if (effects.parked) tables.park(event);
    return effects;
  }
  Meeting meeting(tables, customer_or_new(tables, link), polar, effects);
  meeting.link();
  meeting.hear(event);
  meeting.keep();
  return effects;
}

}  // namespace reckoner
