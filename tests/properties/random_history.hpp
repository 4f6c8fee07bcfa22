// Random histories, small enough to shrink and hostile enough to hurt: few customers, few Polar
// customers and few subscriptions, so that everything meets everything; times out of order, ends
// of periods, changed books, settlement, unreadable usage.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

namespace reckoner::properties {

// One event, before it has a time and a text. Numbers are reduced to what they choose among.
struct Step {
  int kind = 0;
  int who = 0;   // which customer, or Polar customer
  int what = 0;  // which subscription, plan, key …
  int how = 0;   // which variant
  int amount = 0;
  int later = 0;  // how long after the step before it
  int sent = 0;   // how far its own time lies off
};

rc::Gen<std::vector<Step>> steps();
// As lines of a history. Its ids and e-mails begin with `prefix`: two histories with different
// ones have nothing to do with each other, but for the books.
std::vector<std::string> to_lines(const std::vector<Step>& steps, const std::string& prefix);

std::ostream& operator<<(std::ostream& out, const Step& step);

}  // namespace reckoner::properties
