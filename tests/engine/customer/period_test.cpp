// Billing periods, and billing days that change (billing-rules.md, Periods).
#include <chrono>

#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;

// By the calendar alone: 00:00:00 UTC on day min(billing day, last day of the month).
Instant boundary_in(int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day_last last{
      std::chrono::year(year), std::chrono::month_day_last(std::chrono::month(month))};
  const std::chrono::sys_days date{last.year() / last.month() /
                                   std::min(std::chrono::day(day), last.day())};
  return {date.time_since_epoch().count() * kDay};
}

// A customer of one day who asks for another at some time, period by period.
BillingDays changed(std::uint8_t first, std::uint8_t asked, Instant when) {
  BillingDays days(first);
  const Period period = days.period_of(when);
  days.ask(asked);
  days.period_ends(period.end);
  return days;
}

}  // namespace

TEST_CASE(
    "periods: boundaries lie at midnight on the billing day, or the last day of a month that "
    "lacks it",
    "[engine][period]") {
  for (int day = 1; day <= 31; ++day) {
    const BillingDays days(static_cast<std::uint8_t>(day));
    Instant start = boundary_in(2023, 12, static_cast<unsigned>(day));
    for (int month = 0; month < 12 * 8; ++month) {
      const Instant end = boundary_in(2024 + month / 12, static_cast<unsigned>(month % 12 + 1),
                                      static_cast<unsigned>(day));
      const Period period{start, end};
      for (const Instant inside : {start, start + 1, start + (end - start) / 2, end - 1})
        if (days.period_of(inside) != period) FAIL("day " << day << ", month " << month);
      start = end;
    }
  }
}

TEST_CASE("periods: billing day 31 is Jan 31, Feb 28 or 29, Mar 31, Apr 30", "[engine][period]") {
  const BillingDays days(31);
  CHECK(days.period_of(at("2026-02-10")) == Period{at("2026-01-31"), at("2026-02-28")});
  CHECK(days.period_of(at("2024-02-29")) == Period{at("2024-02-29"), at("2024-03-31")});
  CHECK(days.period_of(at("2026-04-01")) == Period{at("2026-03-31"), at("2026-04-30")});
}

TEST_CASE("periods: they follow one another without a gap, also before 1970 and through a change",
          "[engine][period]") {
  const int first = GENERATE(1, 15, 29, 31);
  const int asked = GENERATE(1, 14, 30, 31);
  const BillingDays days =
      changed(static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(asked), at("2026-01-20"));
  Period period = days.period_of(at("1968-02-29"));
  while (period.start < at("2028-01-01")) {
    CHECK(period.start < period.end);
    CHECK(days.period_of(period.end - 1) == period);
    const Period next = days.period_of(period.end);
    CHECK(next.start == period.end);
    period = next;
  }
}

TEST_CASE(
    "periods: after a change the next one ends on the first boundary of the new day at least "
    "28 days later",
    "[engine][period]") {
  for (int first = 1; first <= 31; ++first) {
    for (int asked = 1; asked <= 31; ++asked) {
      if (asked == first) continue;
      for (const std::string when : {"2026-01-15", "2026-02-15", "2024-02-10", "2026-07-31"}) {
        const auto old_day = static_cast<std::uint8_t>(first);
        const auto new_day = static_cast<std::uint8_t>(asked);
        const BillingDays before(old_day), after = changed(old_day, new_day, at(when));
        const Period current = before.period_of(at(when));
        // The current period is as it was, and so are those before.
        CHECK(after.period_of(at(when)) == current);
        CHECK(after.period_of(current.start - 1) == before.period_of(current.start - 1));
        const Period next = after.period_of(current.end);
        CHECK(next.start == current.end);
        CHECK(next.end - next.start >= 28 * kDay);
        CHECK(boundary_at_or_before(next.end, new_day) == next.end);
        // No earlier boundary of the new day would do.
        CHECK(boundary_at_or_before(next.end - 1, new_day) < next.start + 28 * kDay);
        CHECK(after.period_of(next.end) == BillingDays(new_day).period_of(next.end));
      }
    }
  }
}

TEST_CASE("periods: of the days asked for within a period the last one counts",
          "[engine][period]") {
  BillingDays days(10);
  days.ask(20);
  days.ask(25);
  CHECK(days.asked() == 25);
  CHECK(days.period_of(at("2026-01-15")) == Period{at("2026-01-10"), at("2026-02-10")});
  days.period_ends(at("2026-02-10"));
  CHECK(days.period_of(at("2026-02-10")) == Period{at("2026-02-10"), at("2026-03-25")});
  // Asked for and taken back: nothing changes.
  BillingDays back(10);
  back.ask(20);
  back.ask(10);
  back.period_ends(at("2026-02-10"));
  CHECK(back == BillingDays(10));
}

TEST_CASE("periods: a day can change in every period, and each has its own", "[engine][period]") {
  BillingDays days(1);
  Instant now = at("2026-01-01");
  std::vector<Period> lived;
  for (const std::uint8_t day : {31, 1, 28, 2, 15, 15, 14}) {
    lived.push_back(days.period_of(now));
    days.ask(day);
    days.period_ends(lived.back().end);
    now = lived.back().end;
  }
  for (std::size_t i = 0; i < lived.size(); ++i) {
    INFO(i);
    CHECK(lived[i].end - lived[i].start >= 28 * kDay);
    CHECK(days.period_of(lived[i].start) == lived[i]);
    CHECK(days.period_of(lived[i].end - 1) == lived[i]);
    if (i > 0) CHECK(lived[i].start == lived[i - 1].end);
  }
}

TEST_CASE("periods: those before the first follow the first billing day", "[engine][period]") {
  const BillingDays days = changed(10, 20, at("2026-01-15"));
  CHECK(days.period_of(at("2025-06-15")) == Period{at("2025-06-10"), at("2025-07-10")});
}

TEST_CASE("periods: what is forgotten is needed by no period that ends later", "[engine][period]") {
  BillingDays days(1);
  Instant now = at("2026-01-01");
  for (const std::uint8_t day : {31, 1, 28, 2, 15}) {
    days.ask(day);
    now = days.period_of(now).end;
    days.period_ends(now);
  }
  for (Instant oldest = at("2025-12-01"); oldest < now + 90 * kDay; oldest = oldest + kDay) {
    BillingDays shorter = days;
    shorter.forget_before(oldest);
    CHECK(shorter.asked() == days.asked());
    for (Instant when = oldest; when < now + 120 * kDay; when = when + 5 * kDay)
      if (shorter.period_of(when) != days.period_of(when))
        FAIL(format_instant(oldest) << " forgot " << format_instant(when));
  }
  days.forget_before(now - 1);
  CHECK(days.segments().size() == 2);
  days.forget_before(now);
  CHECK(days.segments().size() == 1);
  // Every instant still has a period, though no longer the one that it had.
  CHECK(days.period_of(at("2025-12-15")).holds(at("2025-12-15")));
}

}  // namespace reckoner
