#include "engine/customer/subscription.hpp"

#include <algorithm>

namespace reckoner {

// What every kind of event brings along.
struct Subscriptions::News {
  PolarNumber polar;
  EventOrder order;
  Instant effective;
  Micros grace;

  void set_status(Subscription& subscription, SubscriptionStatus status,
                  std::optional<Instant> past_due_at) const {
    const bool repeats = subscription.status == status;
    subscription.status = status;
    if (status != SubscriptionStatus::past_due) {
      subscription.past_due_since = subscription.grace_end = kDistantPast;
    } else if (!repeats) {
      subscription.past_due_since = past_due_at.value_or(effective);
      subscription.grace_end = subscription.past_due_since + grace;
    }
  }
};

bool Subscriptions::hear(const PolarEvent& event, PolarNumber polar, Micros grace) {
  const News news{polar, event.order(), event.effective(), grace};
  switch (event.kind) {
    case PolarEventKind::subscription:
      return hear_subscription(event, news);
    case PolarEventKind::customer_state_changed:
      if (event.listed) hear_snapshot(event, news);
      return true;
    case PolarEventKind::customer_deleted:
      hear_deleted(news);
      return true;
    case PolarEventKind::payment:
      hear_payment(event, news);
      return true;
    case PolarEventKind::payment_failed:
      hear_failure(event, news);
      return true;
    default:
      return true;
  }
}

Subscription* Subscriptions::find(PolarNumber polar, std::string_view id) {
  const auto found = std::find_if(held_.begin(), held_.end(), [&](const Subscription& s) {
    return s.polar == polar && s.id.view() == id;
  });
  return found == held_.end() ? nullptr : &*found;
}

// Null if the event is too old to tell a new subscription from a forgotten one.
Subscription* Subscriptions::find_or_add(const News& news, std::string_view id) {
  if (Subscription* known = find(news.polar, id)) return known;
  if (news.order <= forgotten_) return nullptr;
  Subscription added;
  added.id = id;
  added.polar = news.polar;
  return &held_.push_back(std::move(added));
}

// A newer snapshot that did not list the subscription knew better than "active"; anything else it
// can have overtaken, and so not shown.
bool Subscriptions::overtaken(const Subscription& subscription,
                              std::optional<SubscriptionStatus> said, const News& news) {
  return said && is_active_or_trialing(*said) && news.order < subscription.unlisted;
}

bool Subscriptions::hear_subscription(const PolarEvent& event, const News& news) {
  Subscription* subscription = find_or_add(news, event.subscription_id);
  if (subscription == nullptr || news.order < subscription->last) return false;
  if (overtaken(*subscription, event.status, news)) return false;
  if (!event.product_id.empty()) subscription->product_id = event.product_id;
  if (event.status) news.set_status(*subscription, *event.status, event.past_due_at);
  subscription->last = news.order;
  return true;
}

void Subscriptions::hear_snapshot(const PolarEvent& event, const News& news) {
  for (const ListedSubscription& listed : *event.listed) hear_listed(listed, news);
  for (Subscription& subscription : held_) {
    const auto names = [&](const ListedSubscription& l) { return subscription.id.view() == l.id; };
    const bool listed = std::any_of(event.listed->begin(), event.listed->end(), names);
    if (subscription.polar == news.polar && !listed) hear_unlisted(subscription, news);
  }
}

void Subscriptions::hear_listed(const ListedSubscription& listed, const News& news) {
  Subscription* subscription = find_or_add(news, listed.id);
  if (subscription == nullptr || subscription->last > news.order) return;
  if (overtaken(*subscription, listed.status, news)) return;
  if (!listed.product_id.empty()) subscription->product_id = listed.product_id;
  if (listed.status) news.set_status(*subscription, *listed.status, listed.past_due_at);
  subscription->last = news.order;
}

void Subscriptions::hear_unlisted(Subscription& subscription, const News& news) {
  if (subscription.last > news.order) return;
  subscription.unlisted = std::max(subscription.unlisted, news.order);
  if (is_active_or_trialing(subscription.status))
    news.set_status(subscription, SubscriptionStatus::canceled, std::nullopt);
}

void Subscriptions::hear_deleted(const News& news) {
  for (Subscription& subscription : held_) {
    if (subscription.polar != news.polar || subscription.last > news.order) continue;
    subscription.last = news.order;
    if (!subscription.ended())
      news.set_status(subscription, SubscriptionStatus::canceled, std::nullopt);
  }
}

template <class Each>
void Subscriptions::each_meant(const PolarEvent& event, const News& news, Each each) {
  for (Subscription& subscription : held_) {
    if (subscription.polar != news.polar || subscription.last > news.order) continue;
    const bool meant =
        event.meant == Meant::all ||
        (event.meant == Meant::named && subscription.id.view() == event.subscription_id) ||
        (event.meant == Meant::of_product && subscription.product_id.view() == event.product_id);
    if (meant) each(subscription);
  }
}

void Subscriptions::hear_payment(const PolarEvent& event, const News& news) {
  if (!event.revives) return;
  each_meant(event, news, [&news](Subscription& subscription) {
    if (subscription.status != SubscriptionStatus::past_due) return;
    news.set_status(subscription, SubscriptionStatus::active, std::nullopt);
    subscription.last = news.order;
  });
}

void Subscriptions::hear_failure(const PolarEvent& event, const News& news) {
  each_meant(event, news, [&](Subscription& subscription) {
    if (!is_active_or_trialing(subscription.status)) return;
    news.set_status(subscription, SubscriptionStatus::past_due, event.past_due_at);
    subscription.last = news.order;
  });
}

Instant Subscriptions::next_grace_end(Instant after) const {
  Instant next = kDistantFuture;
  for (const Subscription& subscription : held_)
    if (subscription.status == SubscriptionStatus::past_due && subscription.grace_end > after)
      next = std::min(next, subscription.grace_end);
  return next;
}

std::vector<Subscription> Subscriptions::forget_ended(Instant now) {
  const auto keep = [now](const Subscription& s) {
    return !s.ended() || s.heard().sent + kEndedSubscriptionKept >= now;
  };
  const auto gone = std::stable_partition(held_.begin(), held_.end(), keep);
  std::vector<Subscription> forgotten(std::make_move_iterator(gone),
                                      std::make_move_iterator(held_.end()));
  held_.erase(gone, held_.end());
  for (const Subscription& subscription : forgotten)
    forgotten_ = std::max(forgotten_, subscription.heard());
  return forgotten;
}

}  // namespace reckoner
